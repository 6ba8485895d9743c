import { CliError, EXIT } from "../kit/exit.ts";

/** A backup set in a repository. */
export interface BackupSet {
  /** When it was taken, such as `20261121T023000Z`. */
  readonly set: string;
  /** restic's id of its snapshot. */
  readonly snapshot: string;
  readonly createdAt: Date;
  /** The stack that it was taken of, with its project. */
  readonly stack: string;
  /** Volumes whose files it lacks, because they could not be copied; none of a complete set. */
  readonly without: readonly string[];
  /** Whether a drill has restored and compared it. */
  readonly proven: boolean;
  /** Keys that its data is encrypted with and that are not here. @default - it was taken by an older version, which does not say */
  readonly missingKeys?: readonly string[];
  /** PostgreSQL's major version. @default - as of the keys */
  readonly postgresMajor?: number;
}

/** What sets.sh knows beside restic's list. */
interface Here {
  readonly keyFingerprints: Readonly<Record<string, string | readonly string[]>>;
  readonly proven: readonly string[];
}

/** Reads what sets.sh prints: restic's list of snapshots, and what is known here. The newest set comes last. */
export function parseSets(output: string): readonly BackupSet[] {
  const [list = "[]", known] = output.trim().split("\n");
  const snapshots = JSON.parse(list) as { id: string; hostname: string; tags?: string[] }[];
  const here = JSON.parse(known ?? '{"keyFingerprints":{},"proven":[]}') as Here;
  return snapshots
    .flatMap(({ id, hostname, tags = [] }) => {
      const values = (name: string) =>
        tags.filter((tag) => tag.startsWith(`${name}=`)).map((tag) => tag.slice(name.length + 1));
      const [set] = values("set");
      const [postgres] = values("postgres");
      return set === undefined
        ? []
        : [
            {
              set,
              snapshot: id,
              createdAt: setTime(set),
              stack: hostname,
              without: values("without"),
              proven: here.proven.includes(set),
              ...(postgres !== undefined && {
                postgresMajor: Number(postgres),
                missingKeys: values("key").flatMap((key) => missingKey(key, here.keyFingerprints)),
              }),
            },
          ];
    })
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
}

/** The key's name, unless all of its fingerprints are here: `name:one+other`. */
function missingKey(tag: string, here: Here["keyFingerprints"]): readonly string[] {
  const [name = "", fingerprints = ""] = tag.split(":");
  const own = [here[name] ?? []].flat();
  return fingerprints.split("+").every((fingerprint) => own.includes(fingerprint)) ? [] : [name];
}

/** What stands in the way of a set on a server of this major version; nothing where it fits. */
export function obstacles({ without, missingKeys, postgresMajor }: BackupSet, major: number): readonly string[] {
  return [
    ...(without.length > 0 ? [`no files of ${without.join(", ")}`] : []),
    ...(missingKeys ?? []).map((key) => `key ${key} is not here`),
    ...(postgresMajor !== undefined && postgresMajor > major ? [`PostgreSQL ${postgresMajor} is newer`] : []),
  ];
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
  /** Whether only databases are wanted, which a set has that lacks files. @default false */
  readonly databases?: boolean | undefined;
}

/**
 * The set that was asked for, or the newest.
 * @throws CliError when there is none such
 */
export function chooseSet(all: readonly BackupSet[], { set, time, databases = false }: SetChoice): BackupSet {
  const partial = all.find((one) => one.without.length > 0 && (one.set === set || one.snapshot.startsWith(set ?? "?")));
  if (partial !== undefined && !databases)
    throw new CliError(
      {
        got: `--set: got "${partial.set}", which has no files of ${partial.without.join(", ")}`,
        allowed: "a complete set, or the databases of this one",
        fix: "add --databases, or name another; nothing was changed",
      },
      EXIT.usage,
    );
  const sets = all.filter((one) => databases || one.without.length === 0);
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
