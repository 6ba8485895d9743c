import type { Change } from "./preview.ts";

/** Resources whose loss is the loss of data, by the last part of their type. */
const HOLDS_DATA: Readonly<Record<string, string>> = {
  Volume: "a volume",
  PersistentVolumeClaim: "a claim",
  StatefulSet: "a StatefulSet",
  Cluster: "a database cluster",
  Database: "a database",
  Role: "a database role",
  R2Bucket: "a bucket",
  Bucket: "a bucket",
  RandomPassword: "a secret that data is encrypted or guarded with",
};

/** Services whose container is the database itself. */
const DATABASES = ["postgres", "cache", "nats"];

/** What a change does to data, or undefined where it does nothing. Only replacing and deleting lose any. */
export function dataTouched({ operation, type, name }: Change): string | undefined {
  if (operation !== "delete" && operation !== "replace") return undefined;
  const what = HOLDS_DATA[type.slice(type.lastIndexOf(":") + 1)];
  if (what !== undefined) return `${operation}s ${what}`;
  if (operation === "delete" && type === "docker:index/container:Container" && DATABASES.includes(name)) return "deletes a database server";
  return undefined;
}
