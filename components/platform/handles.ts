import { ModelError } from "../model/errors.js";
import { memberZones } from "./zones.js";
import type { AnyWorkloadSpec, Endpoint, Ready, Workload } from "../model/workload.js";

/** How clients that balance by themselves find the replicas. */
export type ReplicaNames = Pick<Endpoint, "replicaHosts" | "replicaDns">;

/** The handle of a registered workload. */
export function workloadHandle(name: string, spec: AnyWorkloadSpec, ready: Ready, replicas: ReplicaNames): Workload {
  return {
    name,
    spec,
    ready,
    endpoint(portName): Endpoint {
      const port = spec.ports[portName];
      if (port === undefined)
        throw new ModelError({ got: `workload "${name}": got port "${portName}"`, allowed: Object.keys(spec.ports).join(", "), fix: "name one of its ports" });
      return {
        workload: name,
        portName,
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
