import type Docker from "dockerode";

const MIB = 1024 ** 2;

/** The parts of the engine's statistics that say what a container uses; a host with the older cgroups names one otherwise. */
export interface Statistics {
  readonly cpu_stats: CpuStatistics;
  readonly precpu_stats: CpuStatistics;
  readonly memory_stats: {
    readonly usage?: number;
    readonly stats?: { readonly inactive_file?: number; readonly total_inactive_file?: number };
  };
}

interface CpuStatistics {
  readonly cpu_usage: { readonly total_usage: number; readonly percpu_usage?: readonly number[] };
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
}

/** CPU in thousandths of a core between the engine's two looks, and memory in MiB without files that the kernel can drop. */
export function used({ cpu_stats: now, precpu_stats: before, memory_stats: memory }: Statistics): {
  readonly cpu: number;
  readonly memory: number;
} {
  const time = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  // Time of all cores together.
  const system = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  const cores = now.online_cpus ?? now.cpu_usage.percpu_usage?.length ?? 1;
  const droppable = memory.stats?.inactive_file ?? memory.stats?.total_inactive_file ?? 0;
  return {
    cpu: system > 0 && time > 0 ? Math.round((time / system) * cores * 1000) : 0,
    memory: Math.max(0, Math.round(((memory.usage ?? 0) - droppable) / MIB)),
  };
}

/** What a running container uses, from two looks a second apart. */
export async function usageOf(docker: Docker, container: string): Promise<ReturnType<typeof used>> {
  return used(await docker.getContainer(container).stats({ stream: false }));
}
