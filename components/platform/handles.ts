import { ModelError } from "../model/errors.ts";
import { memberZones } from "./zones.ts";
import type { Tier } from "../model/ports.ts";
import type { Endpoint, Ready, Workload, WorkloadSpec } from "../model/workload.ts";

/** How clients that balance by themselves find the replicas. */
export type ReplicaNames = Pick<Endpoint, "replicaHosts" | "replicaDns">;

/** The handle of a registered workload. */
export function workloadHandle<T extends Tier>(
  name: string,
  spec: WorkloadSpec<T>,
  ready: Ready,
  replicas: ReplicaNames,
): Workload<T> {
  return {
    name,
    spec,
    ready,
    endpoint(portName): Endpoint<T> {
      const port = spec.ports[portName];
      if (port === undefined)
        throw new ModelError({
          got: `workload "${name}": got port "${portName}"`,
          allowed: Object.keys(spec.ports).join(", "),
          fix: "name one of its ports",
        });
      return {
        workload: name,
        tier: spec.tier,
        portName,
        exposure: port.exposure,
        host: name,
        port: port.port,
        address: `${name}:${port.port}`,
        zone: spec.zone,
        memberOf: memberZones(spec),
        ...replicas,
      };
    },
  };
}
