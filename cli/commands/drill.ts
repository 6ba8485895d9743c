import { openOwnBackupHost, resultOf } from "../backup/open.ts";
import { print, printJson, table } from "../kit/output.ts";
import { loadProject, type CommonOptions } from "../kit/project.ts";
import { holding } from "../runtime/lock/hold.ts";

interface DrillResult {
  readonly set: string;
  readonly createdAt: string;
  readonly repository: string;
  /** Seconds from the start to the last comparison. */
  readonly rtoSeconds: number;
  /** Seconds since the set was taken: what a loss now would cost. */
  readonly rpoSeconds: number;
  readonly databases: Readonly<Record<string, { readonly tables: number; readonly rows: number }>>;
  readonly trees: Readonly<Record<string, number>>;
}

export interface DrillOptions extends CommonOptions {
  /** @default - the one that was drilled longest ago */
  readonly repository?: "local" | "remote";
}

/** Proves the newest set in a throw-away server. */
export async function drill(options: DrillOptions): Promise<void> {
  const project = await loadProject(options);
  const host = await openOwnBackupHost(project);
  const args = options.repository === undefined ? [] : [options.repository];
  const result = resultOf(await holding(project, "drill", () => host.run("drill.sh", args))) as DrillResult;
  if (options.json === true) {
    printJson(result);
    return;
  }
  const databases = Object.entries(result.databases).map(([name, { tables, rows }]) => [
    name,
    `${tables} tables`,
    `${rows} rows`,
  ]);
  const trees = Object.entries(result.trees).map(([name, files]) => [name, `${files} files`, ""]);
  print(table(["restored and equal", "", ""], [...databases, ...trees]));
  print(
    `set ${result.set} of the ${result.repository} repository is proven; RTO ${result.rtoSeconds} s, RPO ${result.rpoSeconds} s`,
  );
}
