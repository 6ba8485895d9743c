import { ModelError } from "../model/errors.js";
import { memberZones } from "./zones.js";
import type { AnyWorkloadSpec, Endpoint, Ready, Workload } from "../model/workload.js";

/** The handle of a registered workload; `replicaHosts` are the names of its instances. */
export function workloadHandle(name: string, spec: AnyWorkloadSpec, ready: Ready, replicaHosts: readonly string[]): Workload {
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
        replicaHosts,
      };
    },
  };
}
