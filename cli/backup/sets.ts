import { CliError, EXIT } from "../kit/exit.ts";

/** A complete backup set in a repository. */
export interface BackupSet {
  /** When it was taken, such as `20261121T023000Z`. */
  readonly set: string;
  /** restic's id of its snapshot. */
  readonly snapshot: string;
  readonly createdAt: Date;
  /** The stack that it was taken of, with its project. */
  readonly stack: string;
}

/** Reads restic's list of snapshots; the newest set comes last. */
export function parseSets(json: string): readonly BackupSet[] {
  const snapshots = JSON.parse(json) as { id: string; hostname: string; tags?: string[] }[];
  return snapshots
    .flatMap(({ id, hostname, tags = [] }) => {
      const set = tags.find((tag) => tag.startsWith("set="))?.slice("set=".length);
      return set === undefined ? [] : [{ set, snapshot: id, createdAt: setTime(set), stack: hostname }];
    })
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

function setTime(set: string): Date {
  return new Date(set.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}

/**
 * The sets of one stack.
 * @throws CliError when the repository has sets, and none is of it
 */
export function setsOf(sets: readonly BackupSet[], stack: string): readonly BackupSet[] {
  const found = sets.filter((set) => set.stack === stack);
  if (found.length > 0 || sets.length === 0) return found;
  const others = [...new Set(sets.map((set) => set.stack))].sort().join(", ");
  throw new CliError({
    got: `the repository has no set of ${stack}; it has sets of ${others}`,
    allowed: "sets of the stack, or with --from those of another",
    fix: "name it with --from; nothing was changed",
  });
}

export interface SetChoice {
  /** The name of a set. */
  readonly set?: string | undefined;
  /** A moment; the newest set that is not younger is taken. */
  readonly time?: string | undefined;
}

/**
 * The set that was asked for, or the newest.
 * @throws CliError when there is none such
 */
export function chooseSet(sets: readonly BackupSet[], { set, time }: SetChoice): BackupSet {
  const known = sets.length === 0 ? "none" : sets.map((one) => one.set).join(", ");
  const fix = `${sets.length === 0 ? "run: npm run backup" : "name one of them"}; nothing was changed`;
  if (set !== undefined) {
    const found = sets.find((one) => one.set === set || one.snapshot.startsWith(set));
    if (found === undefined)
      throw new CliError({ got: `--set: got "${set}"`, allowed: `a set of the repository: ${known}`, fix }, EXIT.usage);
    return found;
  }
  const moment = time === undefined ? Number.POSITIVE_INFINITY : new Date(time).getTime();
  if (Number.isNaN(moment))
    throw new CliError(
      {
        got: `--time: got "${time ?? ""}"`,
        allowed: "a time such as 2026-11-21T02:30:00Z",
        fix: "write it so; nothing was changed",
      },
      EXIT.usage,
    );
  const found = sets.findLast(({ createdAt }) => createdAt.getTime() <= moment);
  if (found === undefined)
    throw new CliError({
      got: `no complete set${time === undefined ? "" : ` of ${time} or before`}`,
      allowed: `a set of the repository: ${known}`,
      fix,
    });
  return found;
}
