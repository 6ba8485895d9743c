import { qualifiedName } from "../../components/model/identity.ts";
import { APP_DATABASE } from "../../components/services/app/index.ts";
import { databaseName } from "../../components/services/postgres/names.ts";
import { confirmStack } from "../kit/ask.ts";
import type { BackupHost, RestoreHost } from "../backup/host.ts";
import { pointInTime, type Moment } from "../backup/moment.ts";
import { refuseInterruptedRestore, titleOf, unfinishedProblem, unfinishedRestore } from "../backup/interrupted.ts";
import { maskFiles, type Mask, type MaskFile } from "../backup/mask.ts";
import { finishData, prepareData, replaceData, undoData } from "../backup/replace-data.ts";
import { partsOf, type Parts } from "../backup/parts.ts";
import { chooseSet, parseSets, setsOf, type BackupSet } from "../backup/sets.ts";
import { showSets } from "../backup/show-sets.ts";
import type { BackupSource } from "../backup/source.ts";
import { CliError } from "../kit/exit.ts";
import { note, print, printJson, secondsSince } from "../kit/output.ts";
import type { CommonOptions, Project } from "../kit/project.ts";
import { noteHolder, withLock } from "../runtime/lock/stack-lock.ts";
import { administratorPassword, requireHealth, SYSTEM, type RestoreSystem } from "./restore-system.ts";

export interface RestoreOptions extends CommonOptions {
  readonly set?: string;
  readonly time?: string;
  readonly pointInTime?: string;
  readonly repository: "local" | "remote";
  /** Another stack whose sets are read. */
  readonly from?: string;
  /** SQL files that mask what is read. */
  readonly mask?: readonly string[];
  /** Leaves the files as they are. */
  readonly databases?: boolean;
  /** Leaves the databases as they are. */
  readonly files?: boolean;
  /** Files that are taken though the set's list says otherwise. */
  readonly accept?: readonly string[];
  readonly list?: boolean;
  readonly undo?: boolean;
  readonly finish?: boolean;
  readonly confirm?: string;
}

/** Where a restore takes place. */
interface Place {
  readonly system: RestoreSystem;
  readonly project: Project;
  readonly host: BackupHost;
}

/** Brings a set back into a running stack: loaded and compared beside the data that is there, then swapped. */
export async function restore(options: RestoreOptions, system: RestoreSystem = SYSTEM): Promise<void> {
  const project = await system.loadProject(options);
  const place = { system, project, host: await system.openBackupHost(project) };
  const lock = (await system.createRuntime(project)).lock(project);
  if (options.list === true) {
    await noteHolder(options.stack, lock);
    await list(place, options);
    return;
  }
  await withLock([lock], { stack: options.stack, command: "restore" }, async () => {
    if (options.undo === true) await undo(place, options);
    else if (options.finish === true) await finish(place, options);
    else await bringBack(place, options);
  });
}

async function bringBack(place: Place, options: RestoreOptions): Promise<void> {
  const { system, project, host } = place;
  const moment = pointInTime(options, project.settings.backup, new Date());
  const files = maskFiles(options, project.settings);
  const parts = partsOf(options);
  // A new restore drops what an unfinished one left aside, which may be the only whole copy.
  await refuseInterruptedRestore(project, host);
  const start = performance.now();
  const source = options.from === undefined ? undefined : await system.openSource(project, options.from);
  const mask = files.length === 0 ? undefined : await maskOf(place, files);
  const restorer = await host.openRestore({
    administratorPassword: await administratorPassword(place),
    source,
    mask,
    parts,
  });
  try {
    const chosen = chooseSet(
      await setsIn(restorer, project, options.repository, source),
      moment ? { time: moment.time, databases: options.databases } : options,
    );
    const what = describe(chosen, moment, mask, parts);
    await confirmStack(
      "--confirm",
      options.stack,
      `This puts ${what} in place of the data that stack ${options.stack} has now.`,
      options.confirm,
    );
    const replacement = {
      where: project,
      host,
      restorer,
      requireHealth: (fix: string) => requireHealth(system, project, fix),
    };
    await prepareData(
      replacement,
      chosen.set,
      [options.repository, chosen.snapshot, ...(moment ? [moment.seconds] : [])],
      mask !== undefined,
    );
    const downtimeSeconds = await replaceData(replacement, chosen.set);
    const result = {
      set: chosen.set,
      pointInTime: moment?.time,
      masked: mask !== undefined,
      repository: options.repository,
      seconds: secondsSince(start),
      downtimeSeconds,
    };
    if (options.json === true) printJson(result);
    else print(`${what}: restored in ${result.seconds} s; the stack was down for ${downtimeSeconds} s of them`);
  } finally {
    await restorer.close();
  }
}

async function list(place: Place, { from, repository, json }: RestoreOptions): Promise<void> {
  const { system, project, host } = place;
  if (from === undefined) {
    showSets(
      setsOf(parseSets(await host.run("sets.sh", [repository])), qualifiedName(project.settings.identity)),
      project,
      json === true,
    );
    return;
  }
  const source = await system.openSource(project, from);
  const restorer = await host.openRestore({ administratorPassword: await administratorPassword(place), source });
  try {
    showSets(await setsIn(restorer, project, repository, source), project, json === true);
  } finally {
    await restorer.close();
  }
}

async function setsIn(
  restorer: RestoreHost,
  project: Project,
  repository: string,
  source: BackupSource | undefined,
): Promise<readonly BackupSet[]> {
  return setsOf(parseSets(await restorer.sets(repository)), source?.stack ?? qualifiedName(project.settings.identity));
}

function describe({ set, stack }: BackupSet, moment: Moment | undefined, mask: Mask | undefined, parts: Parts): string {
  if (!parts.files && !moment) return `the databases of set ${set}`;
  if (!parts.databases) return `the files of set ${set}`;
  if (mask) return `the masked database of the app from set ${set} of ${stack}`;
  if (moment) return `the databases of ${moment.time}${parts.files ? ` and the files of set ${set}` : ""}`;
  return `set ${set}`;
}

/** Puts the old data back: what a restore that was killed or is not healthy left aside. */
async function undo(place: Place, { stack, confirm }: RestoreOptions): Promise<void> {
  const { project, host, system } = place;
  const unfinished = await unfinishedRestore(host);
  if (unfinished?.phase === "finishing") throw new CliError(unfinishedProblem(project, unfinished));
  if (unfinished?.phase === "in place")
    await confirmStack(
      "--confirm",
      stack,
      `This drops what stack ${stack} has written since ${titleOf(unfinished.set)} came into place.`,
      confirm,
    );
  const restorer = await host.openRestore({
    administratorPassword: await administratorPassword(place),
    takeOver: true,
  });
  try {
    await undoData({ where: project, host, restorer });
  } finally {
    await restorer.close();
  }
  await requireHealth(system, project);
}

/** Keeps the restored data and removes the old, whatever the services' health says. */
async function finish(place: Place, { stack, confirm }: RestoreOptions): Promise<void> {
  const { project, host } = place;
  const unfinished = await unfinishedRestore(host);
  if (unfinished?.phase === "swapping") throw new CliError(unfinishedProblem(project, unfinished));
  // Where the mark is lost, the databases and files say whether there is anything to finish.
  const set = unfinished === undefined ? "the last restore" : titleOf(unfinished.set);
  if (unfinished?.phase !== "finishing")
    await confirmStack("--confirm", stack, `This removes the data that stack ${stack} had before ${set}.`, confirm);
  const restorer = await host.openRestore({
    administratorPassword: await administratorPassword(place),
    takeOver: true,
  });
  try {
    // A mark for what there may not be would hold up the next update.
    if (unfinished === undefined) await restorer.step("finish");
    else await finishData({ where: project, host, restorer }, unfinished.set);
  } finally {
    await restorer.close();
  }
  note(
    unfinished === undefined
      ? "what the last restore left aside, if anything, is removed"
      : `${set} stays in place; the old data is removed`,
  );
}

async function maskOf({ project, system }: Place, files: readonly MaskFile[]): Promise<Mask> {
  const { username: role, password } = await system.credentials(project, "app-database");
  return { files, database: databaseName(project.settings.postgres, APP_DATABASE.name), role, password };
}
