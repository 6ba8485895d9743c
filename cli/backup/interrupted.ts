import type { Problem } from "../../components/model/problem.ts";
import { CliError } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";
import type { BackupHost } from "./host.ts";
import { openBackupHost } from "./open.ts";

type Named = Pick<Project, "stack">;
/** Where a stack's mark is. */
type Marked = Pick<BackupHost, "marks">;

/**
 * How far a restore is that is not finished. While it swaps nobody can tell which data counts, so it can only be undone; in
 * place, the set's counts and the old is whole; finishing, part of the old is gone and there is no way back.
 */
const PHASES = ["swapping", "in place", "finishing"] as const;
export type RestorePhase = (typeof PHASES)[number];

/** A restore that is not finished: the old data and that of the set are both there. */
export interface UnfinishedRestore {
  readonly set: string;
  readonly phase: RestorePhase;
}

/** What a set, or the file of an import, is called in a sentence. */
export function titleOf(set: string): string {
  return /^\d{8}T\d{6}Z$/.test(set) ? `set ${set}` : set;
}

/** Notes how far a restore is, where the data is: whoever comes after a kill, from whatever clone, must know. */
export function markRestore({ marks }: Marked, set: string, phase: RestorePhase): Promise<void> {
  return marks.write(`${set}\n${phase}`);
}

export function clearRestoreMark({ marks }: Marked): Promise<void> {
  return marks.clear();
}

export async function unfinishedRestore({ marks }: Marked): Promise<UnfinishedRestore | undefined> {
  const mark = await marks.read();
  if (mark === undefined) return undefined;
  const [set = "", phase] = mark.split("\n");
  return { set, phase: PHASES.find((known) => known === phase) ?? "swapping" };
}

/**
 * @throws CliError while a restore is not finished: services would start on half of the old and half of the new data, or one
 * of both would be lost
 */
export async function refuseInterruptedRestore(where: Named, host: Marked): Promise<void> {
  const unfinished = await unfinishedRestore(host);
  if (unfinished !== undefined) throw new CliError(unfinishedProblem(where, unfinished));
}

/**
 * The same for a stack that may have no backups, and so no restore.
 * @throws CliError as above
 */
export async function refuseWhileRestoring(
  project: Project,
  openHost: (project: Project) => Promise<Marked> = openBackupHost,
): Promise<void> {
  if (project.settings.backup.enabled) await refuseInterruptedRestore(project, await openHost(project));
}

/** What is to be done about a restore before anything else. */
export function unfinishedProblem(where: Named, { set, phase }: UnfinishedRestore): Problem {
  const got = `stack ${where.stack}: the restore of ${titleOf(set)}`;
  switch (phase) {
    case "swapping":
      return {
        got: `${got} was interrupted`,
        allowed: "this once the old data is back",
        fix: `nothing was changed; run: ${undoCommand(where)}`,
      };
    case "in place":
      return {
        got: `${got} is not finished: the old data is still there`,
        allowed: "this once one of them is removed",
        fix: `nothing was changed; ${choice(where)}`,
      };
    case "finishing":
      return {
        got: `${got} is not finished: part of the old data is still there`,
        allowed: "this once it is removed",
        fix: `nothing was changed; run: ${finishCommand(where)}`,
      };
  }
}

export function undoCommand({ stack }: Named): string {
  return `npm run restore -- --undo --stack ${stack}`;
}

export function finishCommand({ stack }: Named): string {
  return `npm run restore -- --finish --stack ${stack}`;
}

/** How to choose between the data of a set that is in place and the data from before. */
export function choice(where: Named): string {
  return `to keep the restored data run: ${finishCommand(where)}; to put the old data back: ${undoCommand(where)}`;
}
