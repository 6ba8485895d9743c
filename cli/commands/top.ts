import { formatMebibytes, formatMillicores, mebibytes, millicores } from "../../components/model/units.ts";
import type { InventoryWorkload } from "../../components/model/inventory.ts";
import { print, printJson, table } from "../kit/output.ts";
import type { CommonOptions } from "../kit/project.ts";
import { running } from "../kit/services.ts";
import type { Usage } from "../runtime/operations.ts";
import { operationsOf, shortName, SYSTEM, type OperateSystem } from "./operate.ts";

/** A replica's use against its limits: thousandths of a core, MiB, and percent of each. */
export interface TopRow extends Usage {
  readonly cpuLimit: number;
  readonly cpuPercent: number;
  readonly memoryLimit: number;
  readonly memoryPercent: number;
}

/** Prints what each replica uses of what it may use. */
export async function top(options: CommonOptions, system: OperateSystem = SYSTEM): Promise<void> {
  const project = await system.loadProject(options);
  const workloads = running(project.recording.result.inventory.workloads, project.settings.platform);
  const operations = await operationsOf(project, system);
  const rows = topRows(workloads, await operations.usage(workloads));
  if (options.json === true) {
    printJson({ stack: project.stack, replicas: rows });
    return;
  }
  print(
    table(
      ["service", "replica", "cpu", "of", "", "memory", "of", ""],
      rows.map((row) => [
        row.service,
        shortName(project, row.replica),
        formatMillicores(row.cpu),
        formatMillicores(row.cpuLimit),
        `${row.cpuPercent} %`,
        formatMebibytes(row.memory),
        formatMebibytes(row.memoryLimit),
        `${row.memoryPercent} %`,
      ]),
    ),
  );
}

/** In the order of start, and replicas by name. */
export function topRows(workloads: readonly InventoryWorkload[], usage: readonly Usage[]): readonly TopRow[] {
  return workloads.flatMap(({ name, resources: { limits } }) => {
    const [cpuLimit, memoryLimit] = [millicores(limits.cpu), mebibytes(limits.memory)];
    return usage
      .filter(({ service }) => service === name)
      .map((one) => ({
        ...one,
        cpuLimit,
        cpuPercent: percent(one.cpu, cpuLimit),
        memoryLimit,
        memoryPercent: percent(one.memory, memoryLimit),
      }));
  });
}

function percent(used: number, limit: number): number {
  return limit === 0 ? 0 : Math.round((used / limit) * 100);
}
