import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { HOME } from "../engine/home.ts";
import { CliError } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";

type Where = Pick<Project, "directory" | "stack">;

/** Notes that the data is being swapped: whoever comes after a kill must know. */
export function markRestore(where: Where, set: string): void {
  mkdirSync(dirname(pathOf(where)), { recursive: true, mode: 0o700 });
  writeFileSync(pathOf(where), set);
}

export function clearRestoreMark(where: Where): void {
  rmSync(pathOf(where), { force: true });
}

/** @throws CliError when a restore was killed while it swapped: services would start on half of the old and half of the new data */
export function refuseInterruptedRestore(where: Where): void {
  if (!existsSync(pathOf(where))) return;
  throw new CliError({
    got: `stack ${where.stack}: the restore of set ${readFileSync(pathOf(where), "utf8")} was interrupted`,
    allowed: "an update once the old data is back",
    fix: `nothing was changed; run: npm run restore -- --undo --stack ${where.stack}`,
  });
}

function pathOf({ directory, stack }: Where): string {
  return join(directory, HOME, `restoring-${stack}`);
}
