import { qualifiedName } from "../../components/model/identity.ts";
import { confirmStack } from "../kit/ask.ts";
import type { BackupHost, RestoreHost } from "../backup/host.ts";
import { pointInTime, type Moment } from "../backup/moment.ts";
import { openBackupHost } from "../backup/open.ts";
import { clearRestoreMark, markRestore } from "../backup/interrupted.ts";
import { maskFiles, type Mask } from "../backup/mask.ts";
import { chooseSet, parseSets, setsOf, type BackupSet } from "../backup/sets.ts";
import { openSource, type BackupSource } from "../backup/source.ts";
import { credentialsOf } from "../engine/credentials.ts";
import { openStack } from "../engine/open.ts";
import { note, print, printJson, table } from "../kit/output.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { createRuntime } from "../runtime/create.ts";
import { requireGood, verify } from "../runtime/verify.ts";

export interface RestoreOptions extends CommonOptions {
  readonly set?: string;
  readonly time?: string;
  readonly pointInTime?: string;
  readonly repository: "local" | "remote";
  /** Another stack whose sets are read. */
  readonly from?: string;
  /** SQL files that mask what is read. */
  readonly mask?: readonly string[];
  readonly list?: boolean;
  readonly undo?: boolean;
  readonly confirm?: string;
}

/** Time in which everything must be healthy after a restore. */
const VERIFY_TIMEOUT = 120_000;

/** Brings a set back into a running stack: loaded and compared beside the data that is there, then swapped. */
export async function restore(options: RestoreOptions): Promise<void> {
  const project = await loadProject(options);
  const host = await openBackupHost(project);
  if (options.undo === true) {
    await undo(host, project);
    return;
  }
  if (options.list === true) {
    await list(host, project, options);
    return;
  }
  const moment = pointInTime(options, project.settings.backup, new Date());
  const files = maskFiles(options, project.settings);
  const start = performance.now();
  const source = options.from === undefined ? undefined : await openSource(project, options.from);
  const mask = files.length === 0 ? undefined : { files, password: (await credentialsOf(await openStack(project), "app-database")).password };
  const restorer = await host.openRestore({ administratorPassword: await administratorPassword(project), source, mask });
  try {
    const chosen = chooseSet(await setsIn(restorer, project, options.repository, source), moment ? { time: moment.time } : options);
    const what = describe(chosen, moment, mask);
    await confirmStack("--confirm", options.stack, `This puts ${what} in place of the data that stack ${options.stack} has now.`, options.confirm);
    await prepare(restorer, project, chosen, [options.repository, chosen.snapshot, ...(moment ? [moment.seconds] : [])], mask);
    const downtimeSeconds = await replaceData(host, restorer, project, chosen);
    await requireHealth(project);
    const result = {
      set: chosen.set,
      pointInTime: moment?.time,
      masked: mask !== undefined,
      repository: options.repository,
      seconds: seconds(start),
      downtimeSeconds,
    };
    if (options.json === true) printJson(result);
    else print(`${what}: restored in ${result.seconds} s; the stack was down for ${downtimeSeconds} s of them`);
  } finally {
    await restorer.close();
  }
}

async function list(host: BackupHost, project: Project, { from, repository, json }: RestoreOptions): Promise<void> {
  if (from === undefined) {
    showSets(setsOf(parseSets(await host.run("sets.sh", [repository])), qualifiedName(project.settings.identity)), json === true);
    return;
  }
  const source = await openSource(project, from);
  const restorer = await host.openRestore({ administratorPassword: await administratorPassword(project), source });
  try {
    showSets(await setsIn(restorer, project, repository, source), json === true);
  } finally {
    await restorer.close();
  }
}

async function setsIn(restorer: RestoreHost, project: Project, repository: string, source: BackupSource | undefined): Promise<readonly BackupSet[]> {
  return setsOf(parseSets(await restorer.sets(repository)), source?.stack ?? qualifiedName(project.settings.identity));
}

function describe({ set, stack }: BackupSet, moment: Moment | undefined, mask: Mask | undefined): string {
  if (mask) return `the masked database of the app from set ${set} of ${stack}`;
  return moment ? `the databases of ${moment.time} and the files of set ${set}` : `set ${set}`;
}

/** A copy that is not masked yet must not be forgotten when this is killed: the next `up` says so. */
async function prepare(restorer: RestoreHost, project: Project, { set }: BackupSet, args: readonly string[], mask: Mask | undefined): Promise<void> {
  if (mask === undefined) {
    await restorer.step("prepare", args);
    return;
  }
  markRestore(project, set);
  try {
    await restorer.step("prepare", args);
  } catch (error) {
    await restorer.step("undo");
    clearRestoreMark(project);
    throw error;
  }
}

/** Swaps what was prepared, and returns for how many seconds nobody could use the data. */
async function replaceData(host: BackupHost, restorer: RestoreHost, project: Project, { set }: BackupSet): Promise<number> {
  const down = performance.now();
  markRestore(project, set);
  const startConsumers = await host.stopConsumers();
  try {
    await swapOrUndo(host, restorer, project);
  } finally {
    await startConsumers();
  }
  const downtime = seconds(down);
  await restorer.step("finish");
  clearRestoreMark(project);
  return downtime;
}

/** The old data is kept until roles and schemas fit the new. */
async function swapOrUndo(host: BackupHost, restorer: RestoreHost, project: Project): Promise<void> {
  try {
    await restorer.step("swap");
    await host.runDatabaseJobs();
  } catch (error) {
    note("the restore failed: putting the old data back");
    await restorer.step("undo");
    clearRestoreMark(project);
    throw error;
  }
}

/** Puts back what a restore that was killed left. */
async function undo(host: BackupHost, project: Project): Promise<void> {
  const restorer = await host.openRestore({ administratorPassword: await administratorPassword(project), takeOver: true });
  try {
    const startConsumers = await host.stopConsumers();
    await restorer.step("undo");
    await startConsumers();
    clearRestoreMark(project);
  } finally {
    await restorer.close();
  }
  await requireHealth(project);
}

async function requireHealth(project: Project): Promise<void> {
  const runtime = await createRuntime(project);
  await requireGood(runtime, await verify(runtime, project.recording.result.inventory, VERIFY_TIMEOUT));
}

async function administratorPassword(project: Project): Promise<string> {
  return (await credentialsOf(await openStack(project), "postgres")).password;
}

function showSets(sets: readonly BackupSet[], json: boolean): void {
  if (json) printJson(sets);
  else
    print(
      table(
        ["set", "taken at", "snapshot"],
        sets.map(({ set, createdAt, snapshot }) => [set, createdAt.toISOString(), snapshot.slice(0, 8)]),
      ),
    );
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 100) / 10;
}
