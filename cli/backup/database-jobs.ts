import { backup } from "../../components/services/backup/index.ts";
import type { InventoryWorkload } from "../../components/model/inventory.ts";

/**
 * Jobs that make roles and bring schemas up: they wait for one another. One
 * that connects to a stopped service would wait for it in vain; what it made
 * there is in that service's database, which the set has.
 */
export function databaseJobs(
  workloads: readonly Pick<
    InventoryWorkload,
    "name" | "kind" | "startsAfter" | "connectsTo" | "instances" | "timeout"
  >[],
  stopped: readonly string[],
): readonly Pick<InventoryWorkload, "name" | "instances" | "timeout">[] {
  const jobs = workloads.filter(({ kind }) => kind === "job");
  const jobsBefore = ({ startsAfter }: Pick<InventoryWorkload, "startsAfter">) =>
    startsAfter.filter(({ kind }) => kind === "job").map(({ name }) => name);
  return jobs
    .filter((job) => jobsBefore(job).length > 0 || jobs.some((other) => jobsBefore(other).includes(job.name)))
    .filter(({ connectsTo }) => !connectsTo.some((name) => stopped.includes(name)));
}

interface Workloads {
  readonly workloads: readonly InventoryWorkload[];
}

/** A run at a set time would write between the old data and the new. Backups bring the data back, and use none. */
const usesData = ({ kind, tier, name }: InventoryWorkload) =>
  (kind === "workload" && tier === "app") || (kind === "schedule" && name !== backup.name);

/** What uses the data, and is stopped while it is swapped. */
export function consumers({ workloads }: Workloads): readonly InventoryWorkload[] {
  return workloads.filter(usesData);
}

/** What runs during a restore: where the data is, what leads to the services, and the schedule, from which the restore takes its scripts. */
export function restoreKeeps({ workloads }: Workloads): readonly InventoryWorkload[] {
  return workloads.filter((workload) => workload.kind !== "job" && !usesData(workload));
}
