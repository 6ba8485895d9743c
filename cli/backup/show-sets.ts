import { wantedMajor } from "../engine/postgres-major.ts";
import { print, printJson, table } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import { obstacles, type BackupSet } from "./sets.ts";

/** Prints the sets of a repository with what a restore into this stack would say of each. */
export function showSets(sets: readonly BackupSet[], { settings }: Pick<Project, "settings">, json: boolean): void {
  // A server that is not the stack's own says so itself.
  const major = Number(wantedMajor(settings) ?? Number.POSITIVE_INFINITY);
  if (json) {
    printJson(sets.map((set) => ({ ...set, obstacles: obstacles(set, major) })));
    return;
  }
  print(
    table(
      ["set", "taken at", "snapshot", "proven", "fits"],
      sets.map((set) => [
        set.set,
        set.createdAt.toISOString(),
        set.snapshot.slice(0, 8),
        set.proven ? "yes" : "no",
        fitness(set, major),
      ]),
    ),
  );
}

/** A set of an older version does not say: a restore reads it and finds out. */
export function fitness(set: BackupSet, major: number): string {
  return obstacles(set, major).join("; ") || (set.postgresMajor === undefined ? "not known" : "yes");
}
