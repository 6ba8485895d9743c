import { CliError, EXIT, reasonOf } from "../kit/exit.ts";
import { note, secondsSince } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import type { BackupHost, RestoreHost } from "./host.ts";
import { choice, clearRestoreMark, finishCommand, markRestore, titleOf, undoCommand } from "./interrupted.ts";

/** What the data of a stack is replaced with, and by whom. */
export interface Replacement {
  readonly where: Pick<Project, "stack">;
  readonly host: BackupHost;
  readonly restorer: RestoreHost;
  /** @throws CliError with this remedy, unless every service is healthy */
  readonly requireHealth: (fix: string) => Promise<void>;
}

/**
 * Reads a set beside the data that is there. A copy that is not masked yet must
 * not be forgotten when this is killed: the next `up` says so.
 * @throws CliError when it fails; the copy is gone then
 */
export async function prepareData(
  { where, host, restorer }: Pick<Replacement, "where" | "host" | "restorer">,
  set: string,
  args: readonly string[],
  masked: boolean,
): Promise<void> {
  if (!masked) {
    await restorer.step("prepare", args);
    return;
  }
  await markRestore(host, set, "swapping");
  try {
    await restorer.step("prepare", args);
  } catch (error) {
    await undoStep(
      { where, host, restorer },
      `stack ${where.stack}: the restore failed, and its copy, which may not be masked, could not be dropped`,
      error,
    );
    throw error;
  }
}

/**
 * Swaps what was prepared, and removes the old data once every service is
 * healthy. Services start only when it is known which data counts. Returns for
 * how many seconds nobody could use the data.
 * @throws CliError that says which data is in place and what to do
 */
export async function replaceData(replacement: Replacement, set: string): Promise<number> {
  const { where, host, restorer, requireHealth } = replacement;
  const down = performance.now();
  await markRestore(host, set, "swapping");
  const startConsumers = await stopConsumers(replacement);
  try {
    await restorer.step("swap");
    await host.runDatabaseJobs();
  } catch (error) {
    note("the restore failed: putting the old data back");
    await undoStep(
      replacement,
      `stack ${where.stack}: the restore failed and the old data could not be put back; the services that use it stay down`,
      error,
    );
    await started(
      startConsumers,
      `stack ${where.stack}: the restore failed and the old data is back, but not every service started`,
      "run: npm run up",
      error,
    );
    throw failed(
      `stack ${where.stack}: the restore failed; the old data is back`,
      "fix the cause below and restore again",
      error,
    );
  }
  await markRestore(host, set, "in place");
  await started(
    startConsumers,
    `stack ${where.stack}: ${titleOf(set)} is in place, but not every service started; the old data is kept`,
    choice(where),
  );
  const downtime = secondsSince(down);
  await requireHealth(`${titleOf(set)} is in place and the old data is kept; ${choice(where)}`);
  await finishData(replacement, set);
  return downtime;
}

/** Removes the old data; that of the set is in place. From the first database on there is no way back. */
export async function finishData(
  { where, host, restorer }: Pick<Replacement, "where" | "host" | "restorer">,
  set: string,
): Promise<void> {
  await markRestore(host, set, "finishing");
  try {
    await restorer.step("finish");
  } catch (error) {
    throw failed(
      `stack ${where.stack}: ${titleOf(set)} is in place, and the old data could not be removed`,
      `fix the cause below and run: ${finishCommand(where)}`,
      error,
    );
  }
  await clearRestoreMark(host);
}

/** Puts the old data back and starts what uses it. */
export async function undoData(replacement: Pick<Replacement, "where" | "host" | "restorer">): Promise<void> {
  const { where, host } = replacement;
  const startConsumers = await host.stopConsumers();
  await undoStep(
    replacement,
    `stack ${where.stack}: the old data could not be put back; the services that use it stay down`,
  );
  await started(
    startConsumers,
    `stack ${where.stack}: the old data is back, but not every service started`,
    "run: npm run up",
  );
}

/** Nothing was swapped where a service cannot be stopped: the copy goes and what ran goes on. */
async function stopConsumers(
  replacement: Pick<Replacement, "where" | "host" | "restorer">,
): Promise<() => Promise<void>> {
  try {
    return await replacement.host.stopConsumers();
  } catch (error) {
    const { stack } = replacement.where;
    await undoStep(
      replacement,
      `stack ${stack}: not every service that uses the data could be stopped, and the copy could not be dropped`,
      error,
    );
    throw failed(
      `stack ${stack}: not every service that uses the data could be stopped; no data was replaced`,
      "fix the cause below and restore again",
      error,
    );
  }
}

/** The mark goes when the old data counts again, and stays where nobody can tell. */
async function undoStep(
  { where, host, restorer }: Pick<Replacement, "where" | "host" | "restorer">,
  happened: string,
  ...causes: readonly unknown[]
): Promise<void> {
  try {
    await restorer.step("undo");
  } catch (error) {
    throw failed(happened, `fix the cause below and run: ${undoCommand(where)}`, ...causes, error);
  }
  await clearRestoreMark(host);
}

async function started(
  start: () => Promise<void>,
  happened: string,
  fix: string,
  ...causes: readonly unknown[]
): Promise<void> {
  try {
    await start();
  } catch (error) {
    throw failed(happened, fix, ...causes, error);
  }
}

function failed(happened: string, fix: string, ...causes: readonly unknown[]): CliError {
  return new CliError({ happened, fix, output: causes.map(reasonOf).join("\n") }, EXIT.failed, { cause: causes[0] });
}
