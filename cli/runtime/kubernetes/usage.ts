import type { PodMetric } from "@kubernetes/client-node";
import { quantity } from "./quantity.ts";

const MIB = 1024 ** 2;

/** What all containers of a pod use: CPU in thousandths of a core, memory in MiB. */
export function used({ containers }: Pick<PodMetric, "containers">): { readonly cpu: number; readonly memory: number } {
  const sum = (resource: "cpu" | "memory") => containers.reduce((all, { usage }) => all + quantity(usage[resource]), 0);
  return { cpu: Math.round(sum("cpu") * 1000), memory: Math.round(sum("memory") / MIB) };
}
