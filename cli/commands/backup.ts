import { refuseInterruptedRestore } from "../backup/interrupted.ts";
import { openOwnBackupHost, resultOf } from "../backup/open.ts";
import { print, printJson } from "../kit/output.ts";
import { loadProject, type CommonOptions } from "../kit/project.ts";
import { holding } from "../runtime/lock/hold.ts";

interface BackupResult {
  readonly set: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly repositories: readonly string[];
}

export interface BackupOptions extends CommonOptions {
  /** Begins a new repository in place of one that is lost. */
  readonly newRepository?: boolean;
  /** Lets this host write where another one did. */
  readonly takeOver?: boolean;
}

/** Takes a backup set now. */
export async function backup(options: BackupOptions): Promise<void> {
  const project = await loadProject(options);
  const host = await openOwnBackupHost(project);
  const args = [
    ...(options.newRepository === true ? ["--new-repository"] : []),
    ...(options.takeOver === true ? ["--take-over"] : []),
  ];
  const output = await holding(project, "backup", async () => {
    await refuseInterruptedRestore(project, host);
    return host.run("backup.sh", args);
  });
  const result = resultOf(output) as BackupResult;
  if (options.json === true) printJson(result);
  else
    print(
      `set ${result.set}: ${(result.bytes / 1024 ** 2).toFixed(1)} MiB in ${result.seconds} s, in repositories: ${result.repositories.join(", ")}`,
    );
}
