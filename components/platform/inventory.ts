import type { InventoryPort, InventoryVolume, InventoryWorkload } from "../model/inventory.ts";
import type { Port } from "../model/ports.ts";
import type { Volume } from "../model/volume.ts";
import {
  JOB_TIMEOUT,
  type AnyWorkloadSpec,
  type ContainerSpec,
  type JobSpec,
  type ScheduleSpec,
} from "../model/workload.ts";
import { onlyOne } from "./only-one.ts";

/** What a platform adds to what the model says. */
export interface WorkloadFacts {
  /** What the runtime calls its instances. */
  readonly instances: readonly string[];
  /** What keeps replicas together. `@default -` nothing */
  readonly together?: string | undefined;
  /** Where the host listens for a port, in IPv4 and in IPv6. `@default -` nowhere */
  readonly listens?: (port: Port) => readonly string[];
}

/** A workload as plain data. */
export function workloadInventory(
  name: string,
  spec: AnyWorkloadSpec,
  { instances, together, listens }: WorkloadFacts,
): InventoryWorkload {
  const ports = Object.entries(spec.ports).map(([portName, port]): InventoryPort => {
    const [address, ipv6] = listens?.(port) ?? [];
    return {
      name: portName,
      port: port.port,
      exposure: port.exposure,
      ...(address && { listens: address }),
      ...(ipv6 && { listensIpv6: ipv6 }),
    };
  });
  const single = onlyOne(spec);
  const scaleLimit = single === undefined ? together : `runs once: ${single}`;
  return {
    ...common(name, instances, spec),
    kind: "workload",
    tier: spec.tier,
    ...(spec.probe.kind === "exec" && spec.probe.recovering !== undefined && { recovering: spec.probe.recovering }),
    replicas: spec.replicas ?? 1,
    ...(spec.readyTimeout && { readyTimeout: spec.readyTimeout }),
    ...(spec.autoscaling && { maxReplicas: spec.autoscaling.maxReplicas }),
    ...(scaleLimit && { scaleLimit }),
    ports,
  };
}

/** A job as plain data. */
export function jobInventory(name: string, spec: JobSpec, instances: readonly string[]): InventoryWorkload {
  const { timeout = JOB_TIMEOUT } = spec;
  return { ...common(name, instances, spec), kind: "job", timeout, replicas: 1, ports: [] };
}

/** A schedule as plain data. */
export function scheduleInventory(name: string, spec: ScheduleSpec, instances: readonly string[]): InventoryWorkload {
  return { ...common(name, instances, spec), kind: "schedule", replicas: 1, ports: [] };
}

/** A volume as plain data; `id` is what the runtime calls it. */
export function volumeInventory({ name, spec }: Volume, id: string): InventoryVolume {
  const { size, retention } = spec;
  if (spec.retention === "cache") return { name, id, size, retention };
  const { backup, ifForgotten } = spec;
  return { name, id, size, retention, backup, ...(ifForgotten && { ifForgotten }) };
}

function common(name: string, instances: readonly string[], spec: ContainerSpec) {
  return {
    name,
    zone: spec.zone,
    image: spec.image.name,
    reference: spec.image.reference,
    resources: spec.resources,
    connectsTo: [...new Set((spec.connectsTo ?? []).map(({ workload }) => workload))].sort(),
    writes: (spec.mounts ?? [])
      .filter(({ readOnly = false }) => !readOnly)
      .map(({ volume }) => volume.name)
      .sort(),
    startsAfter: (spec.dependsOn ?? []).map((ready) => ({ name: ready.name, kind: ready.kind })),
    ...(spec.secretEnv && { secretVariables: Object.keys(spec.secretEnv).sort() }),
    instances,
  };
}
