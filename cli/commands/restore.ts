import { confirmStack } from "../ask.js";
import type { BackupHost, RestoreHost } from "../backup/host.js";
import { openBackupHost } from "../backup/open.js";
import { chooseSet, parseSets, type BackupSet } from "../backup/sets.js";
import { credentialsOf } from "../engine/credentials.js";
import { openStack } from "../engine/open.js";
import { note, print, printJson, table } from "../output.js";
import { loadProject, type CommonOptions, type Project } from "../project.js";
import { createRuntime } from "../runtime/create.js";
import { requireGood, verify } from "../runtime/verify.js";

export interface RestoreOptions extends CommonOptions {
  readonly set?: string;
  readonly time?: string;
  readonly repository: "local" | "remote";
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
  const sets = parseSets(await host.run("sets.sh", [options.repository]));
  if (options.list === true) {
    showSets(sets, options.json === true);
    return;
  }
  const chosen = chooseSet(sets, options);
  await confirmStack("--confirm", options.stack, `This puts set ${chosen.set} in place of the data that stack ${options.stack} has now.`, options.confirm);
  const times = await replaceData(host, project, options.repository, chosen);
  await requireHealth(project);
  if (options.json === true) printJson({ set: chosen.set, repository: options.repository, ...times });
  else print(`set ${chosen.set} is restored in ${times.seconds} s; the stack was down for ${times.downtimeSeconds} s of them`);
}

async function replaceData(host: BackupHost, project: Project, repository: string, { snapshot }: BackupSet) {
  const start = performance.now();
  const restorer = await host.openRestore(await administratorPassword(project));
  try {
    await restorer.step("prepare", [repository, snapshot]);
    const down = performance.now();
    const startConsumers = await host.stopConsumers();
    try {
      await swapOrUndo(host, restorer);
    } finally {
      await startConsumers();
    }
    const downtimeSeconds = seconds(down);
    await restorer.step("finish");
    return { seconds: seconds(start), downtimeSeconds };
  } finally {
    await restorer.close();
  }
}

/** The old data is kept until roles and schemas fit the new. */
async function swapOrUndo(host: BackupHost, restorer: RestoreHost): Promise<void> {
  try {
    await restorer.step("swap");
    await host.runDatabaseJobs();
  } catch (error) {
    note("the restore failed: putting the old data back");
    await restorer.step("undo");
    throw error;
  }
}

/** Puts back what a restore that was killed left. */
async function undo(host: BackupHost, project: Project): Promise<void> {
  const restorer = await host.openRestore(await administratorPassword(project));
  try {
    const startConsumers = await host.stopConsumers();
    await restorer.step("undo");
    await startConsumers();
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
