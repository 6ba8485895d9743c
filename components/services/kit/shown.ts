import type { Workload } from "../../model/workload.ts";

/** What a reader of `pulumi stack` or of the console sees of a workload. It holds no secret. */
export interface ShownWorkload {
  /** Reference of its image. */
  readonly image: string;
  /** How many run, or the fewest with autoscaling. */
  readonly replicas: number;
  /** The most that run under load. @default - their number is fixed */
  readonly maxReplicas?: number;
  /** `host:port` inside of the stack, by the name of the port. */
  readonly addresses: Readonly<Record<string, string>>;
}

export function shownWorkload(workload: Workload): ShownWorkload {
  const { image, replicas = 1, autoscaling, ports } = workload.spec;
  return {
    image: image.reference,
    replicas,
    ...(autoscaling && { maxReplicas: autoscaling.maxReplicas }),
    addresses: Object.fromEntries(Object.keys(ports).map((port) => [port, workload.endpoint(port).address])),
  };
}
