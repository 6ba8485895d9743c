import type { Exposure, Tier } from "./ports.ts";
import type { IfForgotten, Retention, VolumeBackup } from "./volume.ts";
import type { Resources } from "./workload.ts";
import type { Bytes, Duration } from "./units.ts";
import type { Zone } from "./zones.ts";

export interface InventoryPort {
  readonly name: string;
  readonly port: number;
  readonly exposure: Exposure;
  /** Where the host listens, such as `127.0.0.1:8000`, or `127.0.0.1:8000/udp`. `@default -` nowhere */
  readonly listens?: string;
  /** The same place of IPv6, such as `[::1]:8000`. `@default -` nowhere */
  readonly listensIpv6?: string;
}

/** Every address on which a host listens for a port. */
export function listening({ listens, listensIpv6 }: InventoryPort): readonly string[] {
  return [listens, listensIpv6].filter((address) => address !== undefined);
}

export interface InventoryWorkload {
  readonly kind: "workload" | "job" | "schedule";
  readonly name: string;
  /** `edge`, `app` or `data`; jobs and schedules have none. */
  readonly tier?: Tier;
  /** Exit code of its probe that says it still reads its data back. `@default -` it cannot tell */
  readonly recovering?: number;
  /** Time in which a job must end. `@default -` no job, or the platform's own limit */
  readonly timeout?: Duration;
  readonly zone: Zone;
  /** The name of its image in the catalogue. */
  readonly image: string;
  readonly reference: string;
  readonly replicas: number;
  /** Time in which it must get ready. `@default -` the platform's own */
  readonly readyTimeout?: Duration;
  /** Replicas under load, at most. `@default -` their number is fixed */
  readonly maxReplicas?: number;
  readonly resources: Resources;
  readonly ports: readonly InventoryPort[];
  /** Names of what it connects to, sorted. */
  readonly connectsTo: readonly string[];
  /** Names of the volumes that it writes to, sorted. */
  readonly writes: readonly string[];
  /** What it waits for before it starts, in the order in which the service names it. */
  readonly startsAfter: readonly { readonly name: string; readonly kind: "workload" | "job" }[];
  /** Variables that hold a secret themselves, in place of a file; sorted. `@default -` none */
  readonly secretVariables?: readonly string[];
  /** What keeps it from being replicated, or its replicas from spreading. `@default -` nothing */
  readonly scaleLimit?: string;
  /** What the runtime calls it: container names on Docker, `deployment/NAME` and the like on Kubernetes. */
  readonly instances: readonly string[];
}

export interface InventoryVolume {
  readonly name: string;
  readonly id: string;
  readonly size: Bytes;
  readonly retention: Retention;
  /** How a volume of data is backed up, or why it is not. */
  readonly backup?: VolumeBackup;
  /** What becomes of a volume of data that the state has forgotten. `@default -` it is taken up as it is */
  readonly ifForgotten?: IfForgotten;
}

/** What a stack consists of, without any secret: for `plan`, `status` and the checks. */
export interface Inventory {
  /** In the order of registration, which is the order of start. */
  readonly workloads: readonly InventoryWorkload[];
  readonly volumes: readonly InventoryVolume[];
}
