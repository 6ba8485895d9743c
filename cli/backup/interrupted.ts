import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Problem } from "../../components/model/problem.ts";
import { HOME } from "../engine/home.ts";
import { CliError } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";

type Where = Pick<Project, "directory" | "stack">;

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

/** Notes how far a restore is: whoever comes after a kill must know. */
export function markRestore(where: Where, set: string, phase: RestorePhase): void {
  mkdirSync(dirname(pathOf(where)), { recursive: true, mode: 0o700 });
  writeFileSync(pathOf(where), `${set}\n${phase}`);
}

export function clearRestoreMark(where: Where): void {
  rmSync(pathOf(where), { force: true });
}

export function unfinishedRestore(where: Where): UnfinishedRestore | undefined {
  if (!existsSync(pathOf(where))) return undefined;
  const [set = "", phase] = readFileSync(pathOf(where), "utf8").split("\n");
  return { set, phase: PHASES.find((known) => known === phase) ?? "swapping" };
}

/** @throws CliError while a restore is not finished: services would start on half of the old and half of the new data, or one of both would be lost */
export function refuseInterruptedRestore(where: Where): void {
  const unfinished = unfinishedRestore(where);
  if (unfinished === undefined) return;
  throw new CliError(unfinishedProblem(where, unfinished));
}

/** What is to be done about a restore before anything else. */
export function unfinishedProblem(where: Where, { set, phase }: UnfinishedRestore): Problem {
  const got = `stack ${where.stack}: the restore of set ${set}`;
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

export function undoCommand({ stack }: Pick<Where, "stack">): string {
  return `npm run restore -- --undo --stack ${stack}`;
}

export function finishCommand({ stack }: Pick<Where, "stack">): string {
  return `npm run restore -- --finish --stack ${stack}`;
}

/** How to choose between the data of a set that is in place and the data from before. */
export function choice(where: Pick<Where, "stack">): string {
  return `to keep the restored data run: ${finishCommand(where)}; to put the old data back: ${undoCommand(where)}`;
}

function pathOf({ directory, stack }: Where): string {
  return join(directory, HOME, `restoring-${stack}`);
}
