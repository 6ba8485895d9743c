import { ModelError } from "../../model/errors.ts";
import { refuseReplicas } from "../only-one.ts";
import type { AnyWorkloadSpec } from "../../model/workload.ts";

/**
 * Several instances on one host are only useful behind the proxy.
 * @throws ModelError for more than one instance of a workload of another tier, or with a port on the host
 */
export function checkReplicas(name: string, spec: AnyWorkloadSpec): void {
  refuseReplicas(name, spec);
  const replicas = spec.replicas ?? 1;
  if (spec.autoscaling === undefined && replicas === 1) return;
  const onHost = Object.values(spec.ports).some(({ exposure }) => exposure === "public" || exposure === "loopback");
  if (spec.autoscaling === undefined && spec.tier === "app" && !onHost) return;
  throw new ModelError({
    got: `workload "${name}": got ${spec.autoscaling === undefined ? replicas : "autoscaled"} replicas`,
    allowed: "1 of everything on a Docker host, except a fixed number of the app tier behind the proxy",
    fix: "set its replicas to 1 in this stack or deploy it to Kubernetes",
  });
}

/** Names of the instances: the workload's own for one, numbered from 1 for more. */
export function replicaNames(name: string, replicas: number): readonly string[] {
  if (replicas === 1) return [name];
  return Array.from({ length: replicas }, (_, index) => `${name}-${index + 1}`);
}
