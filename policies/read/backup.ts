import type { PolicyResource } from "../policy.js";
import { containersOf, type ContainerView } from "./container.js";
import { parseImage } from "./image.js";

/** Containers that are named for backups. */
export function backupsOf(resources: readonly PolicyResource[]): readonly ContainerView[] {
  return resources.flatMap(containersOf).filter(({ service, label }) => /\bbackup/.test(service) || /"[^"]*\bbackup/.test(label));
}

/** Servers of databases, as their image says. */
export function databasesOf(resources: readonly PolicyResource[]): readonly ContainerView[] {
  return resources
    .flatMap(containersOf)
    .filter(({ job, service, image }) => !job && (service === "postgres" || /(^|\/)postgres$/.test(parseImage(image ?? "").repository)));
}
