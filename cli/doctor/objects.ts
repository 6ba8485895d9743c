import type { RecordedResource } from "../kit/record.ts";
import { differences, GENERATED } from "./differences.ts";
import { findings, type DoctorFinding } from "./finding.ts";

const { error, warning } = findings("objects");
const ports = findings("ports");

/** An object of a cluster with whatever its kind has. */
export interface ClusterObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly unknown[];
    readonly deletionTimestamp?: unknown;
  };
  readonly spec?: unknown;
}

const UP = "npm run up, which sets it back; a change by hand does not last";

/** What the engine's provider says to itself. */
const OWN_ANNOTATIONS = "pulumi.com/";

/** The objects that the program registered, as it asked for them. */
export function wantedObjects(resources: readonly RecordedResource[]): readonly ClusterObject[] {
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ name, inputs }) => withName(name, inputs as ClusterObject));
}

/** The provider chooses a name where the program gives none. */
function withName(name: string, object: ClusterObject): ClusterObject {
  return { ...object, metadata: { ...object.metadata, name: object.metadata?.name ?? `${name}-00000000` } };
}

/** Whether the provider chose an object's name. */
export function isGenerated({ metadata }: ClusterObject): boolean {
  return metadata?.name?.endsWith("-00000000") === true;
}

/** Where an object differs from the model. Values of variables and files are not shown: they may be secret. */
export function objectFindings(wanted: ClusterObject, candidates: readonly ClusterObject[]): readonly DoctorFinding[] {
  const title = titleOf(wanted);
  if (candidates.length === 0) return [error(`${title} is missing`, "npm run up, which makes it")];
  if (candidates.every(({ metadata }) => metadata?.deletionTimestamp !== undefined))
    return [error(`${title} is being deleted`, "find out who deleted it: what uses it keeps it until then")];
  // Older contents stay until nothing uses them any more.
  const found = candidates.map((actual) => compared(wanted, actual));
  return (found.find((lines) => lines.length === 0) ?? found[0] ?? []).map((line) => error(`${title}: ${line}`, UP));
}

/** A claim's size and class cannot be changed in place; what is wrong with them is a finding of the cluster. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  Secret: ["data", "stringData"],
  PersistentVolumeClaim: ["spec"],
};

function compared(wanted: ClusterObject, actual: ClusterObject): readonly string[] {
  const { apiVersion: _version, kind = "", metadata, ...rest } = wanted;
  const annotations = Object.fromEntries(
    Object.entries(metadata?.annotations ?? {}).filter(([key]) => !key.startsWith(OWN_ANNOTATIONS)),
  );
  const there = new Map<string, unknown>(Object.entries(actual));
  const parts = { metadata: { labels: metadata?.labels, annotations }, ...rest };
  return Object.entries(parts)
    .filter(([key]) => LEFT_OUT[kind]?.includes(key) !== true)
    .flatMap(([key, value]) => differences(value, there.get(key), key))
    .map(({ path, got, wanted: expected }) =>
      /(\.env\[[^\]]+\]\.value$|^data\.)/.test(path)
        ? `${path} is another than the model says`
        : `${path} is ${got}; the model says ${expected}`,
    );
}

/** An object that is there and in no model. */
export function strayFinding(object: ClusterObject): DoctorFinding {
  const { type, ports: open = [] } = (object.spec ?? {}) as {
    type?: string;
    ports?: readonly { nodePort?: number; port?: number }[];
  };
  const remedy = `kubectl --namespace ${object.metadata?.namespace ?? ""} delete ${titleOf(object)}, unless somebody needs it`;
  if (object.kind === "Service" && (type === "NodePort" || type === "LoadBalancer"))
    return ports.error(
      `${titleOf(object)} opens port ${open.map(({ nodePort, port }) => nodePort ?? port).join(", ")} on every node and is not in the model`,
      remedy,
    );
  return warning(`${titleOf(object)} is not in the model`, remedy);
}

/** As kubectl names it. */
export function titleOf({ kind = "", metadata }: ClusterObject): string {
  return `${kind.toLowerCase()}/${metadata?.name?.replace(/-00000000$/, "") ?? ""}`;
}

/** Whether an object of the cluster may be the one that was asked for. */
export function isCandidate(wanted: ClusterObject, { metadata }: ClusterObject): boolean {
  const [name = "", other = ""] = [wanted.metadata?.name, metadata?.name];
  return isGenerated(wanted)
    ? GENERATED.test(other) && name.replace(GENERATED, "") === other.replace(GENERATED, "")
    : name === other;
}
