import { physicalName } from "../../model/identity.js";
import type { InventoryPort, InventoryWorkload } from "../../model/inventory.js";
import type { AnyWorkloadSpec, ContainerSpec, JobSpec, ScheduleSpec } from "../../model/workload.js";
import type { DockerContext } from "./context.js";
import { hostAddress } from "./ports.js";

/** A workload as plain data. */
export function workloadInventory(context: DockerContext, name: string, instances: readonly string[], spec: AnyWorkloadSpec): InventoryWorkload {
  const ports = Object.entries(spec.ports).map(([portName, port]): InventoryPort => {
    const address = hostAddress(port);
    return { name: portName, port: port.port, exposure: port.exposure, ...(address && { listens: `${address.ip}:${address.port}` }) };
  });
  return { ...common(context, name, instances, spec), kind: "workload", tier: spec.tier, replicas: instances.length, ports };
}

/** A job as plain data. */
export function jobInventory(context: DockerContext, name: string, spec: JobSpec): InventoryWorkload {
  return { ...common(context, name, [name], spec), kind: "job", replicas: 1, ports: [] };
}

/** A schedule as plain data: on a Docker host a container that waits. */
export function scheduleInventory(context: DockerContext, name: string, spec: ScheduleSpec): InventoryWorkload {
  return { ...common(context, name, [name], spec), kind: "schedule", replicas: 1, ports: [] };
}

function common({ identity }: DockerContext, name: string, instances: readonly string[], spec: ContainerSpec) {
  return {
    name,
    zone: spec.zone,
    image: spec.image.name,
    reference: spec.image.reference,
    resources: spec.resources,
    connectsTo: [...new Set((spec.connectsTo ?? []).map(({ workload }) => workload))].sort(),
    startsAfter: (spec.dependsOn ?? []).map((ready) => ({ name: ready.name, kind: ready.kind })),
    instances: instances.map((instance) => physicalName(identity, instance)),
  };
}
