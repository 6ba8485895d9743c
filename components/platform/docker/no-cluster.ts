import { ModelError } from "../../model/errors.ts";
import type { ContainerSpec } from "../../model/workload.ts";

/**
 * There is no cluster to read here, and the engine's socket is no substitute.
 * @throws ModelError for a container that asks for one
 */
export function refuseClusterAccess(name: string, { clusterAccess }: ContainerSpec): void {
  if (clusterAccess === undefined) return;
  throw new ModelError({
    got: `workload "${name}": got access to a cluster`,
    allowed: "none on a Docker host, which has no cluster",
    fix: "add the workload only where the platform has a namespace",
  });
}
