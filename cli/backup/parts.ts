import { CliError, EXIT } from "../kit/exit.ts";

export interface PartOptions {
  readonly databases?: boolean;
  readonly files?: boolean;
  /** Files that are taken as the set has them, such as `app:./name`. */
  readonly accept?: readonly string[];
  readonly pointInTime?: string;
  readonly mask?: readonly string[];
}

/** What of a set a restore leaves alone, and what it takes without comparing. */
export interface Parts {
  readonly databases: boolean;
  readonly files: boolean;
  readonly accept: readonly string[];
  /** The one database that is replaced, by the server's name for it. @default - every one of the stack */
  readonly database?: string;
}

/** One database alone. */
export function onlyDatabase(database: string): Parts {
  return { databases: true, files: false, accept: [], database };
}

/**
 * Which part of a set is brought back.
 * @throws CliError for options that exclude each other
 */
export function partsOf({ databases = false, files = false, accept = [], pointInTime, mask }: PartOptions): Parts {
  const refuse = (got: string, allowed: string): never => {
    throw new CliError({ got, allowed, fix: "leave one of them out; nothing was changed" }, EXIT.usage);
  };
  if (databases && files)
    refuse("--databases and --files: got both", "one of them; without both everything comes back");
  if (files && pointInTime !== undefined)
    refuse("--files: got it with --point-in-time", "the files of a set: only databases come back to a moment");
  if ((databases || files || accept.length > 0) && mask !== undefined)
    refuse("--mask: got it with --databases, --files or --accept", "--mask alone, which restores the app's database");
  if (databases && accept.length > 0) refuse("--accept: got it with --databases", "--accept where files come back");
  const wrong = accept.find((name) => !/^[^:\n]+:\.\/[^\n]+$/.test(name));
  if (wrong !== undefined)
    refuse(`--accept: got "${wrong}"`, 'a file as the failed restore names it, such as "app:./name"');
  return { databases: !files, files: !databases, accept };
}

/** What the scripts are told of it. */
export function partsEnvironment({ databases, files, accept, database }: Parts): Readonly<Record<string, string>> {
  return {
    ...(!databases && { BACKUP_DATABASES: "" }),
    ...(database !== undefined && { BACKUP_DATABASES: database }),
    ...(!files && { BACKUP_TREES: "" }),
    ...(accept.length > 0 && { BACKUP_ACCEPT: accept.join("\n") }),
  };
}
