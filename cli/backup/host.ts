import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import type { Problem } from "../../components/model/problem.ts";
import type { Mask } from "./mask.ts";
import type { Parts } from "./parts.ts";
import type { BackupSource } from "./source.ts";

/** What is known of a restore that is not finished: a text that is written whole or not at all, beside the data. */
export interface RestoreMarks {
  read(): Promise<string | undefined>;
  write(mark: string): Promise<void>;
  clear(): Promise<void>;
}

/** Where the backup scripts run, as the commands see it. */
export interface BackupHost {
  readonly marks: RestoreMarks;
  /**
   * Runs a script of the stack's own backup schedule to its end and returns
   * what it printed; its progress goes to standard error.
   * @throws CliError when it fails
   */
  run(script: string, args?: readonly string[]): Promise<string>;
  /**
   * Makes the place where a restore runs: it may write where the schedule may only read.
   * @throws CliError when another restore is there, unless it is to be taken over
   */
  openRestore(options: RestoreHostOptions): Promise<RestoreHost>;
  /**
   * Stops everything that uses the data, and returns what starts it again. A
   * service that is missing counts as stopped: the next update makes it.
   * @throws when one does not stop; what this call has stopped runs again then
   */
  stopConsumers(): Promise<() => Promise<void>>;
  /**
   * Runs the jobs again that make roles and bring schemas up.
   * @throws CliError when one fails
   */
  runDatabaseJobs(): Promise<void>;
}

/** What says that a restore runs there. */
export function anotherRestore(where: string): Problem {
  return {
    got: `${where}: another restore is running`,
    allowed: "one at a time",
    fix: "nothing was changed: wait for its end, or where its command line is gone run: npm run restore -- --undo",
  };
}

/** What tells the scripts one restore from another: between the steps of this one nobody else begins. */
export function ownRestore(): Readonly<Record<string, string>> {
  return { BACKUP_OWNER: randomUUID() };
}

export interface RestoreHostOptions {
  readonly administratorPassword: string;
  /** Another stack whose sets are read. @default - the stack's own are */
  readonly source?: BackupSource | undefined;
  /** What the app's database is masked with, which alone is restored then. @default - everything is restored as it is */
  readonly mask?: Mask | undefined;
  /** Which part of a set is restored. @default - all of it */
  readonly parts?: Parts | undefined;
  /** Ends a restore that is there. @default false */
  readonly takeOver?: boolean;
}

/** A file for the scripts. */
export interface SentFile {
  /** What the scripts call it. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly content: Readable;
}

export interface RestoreHost {
  /** The sets of a repository; see sets.sh. */
  sets(repository: string): Promise<string>;
  /** Runs a step of the restore; see restore.sh. */
  step(name: "prepare" | "receive" | "load" | "swap" | "undo" | "finish", args?: readonly string[]): Promise<string>;
  /**
   * Puts a file where the steps after `receive` find it.
   * @throws CliError where not every byte of it came there
   */
  send(file: SentFile): Promise<void>;
  close(): Promise<void>;
}
