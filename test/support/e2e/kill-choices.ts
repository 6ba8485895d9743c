import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { BackupStack } from "./backup-stack.ts";
import { docker } from "./e2e.ts";
import { killDuring, type KillMoment } from "./kill.ts";
import type { SmallDisk } from "./small-disk.ts";

/** What happens at the moment. */
export interface Kind {
  readonly begin: () => Promise<unknown>;
  /** What is set right once the command has ended. */
  readonly end?: () => Promise<unknown>;
  /** Whether the command line is killed too, with its engine. @default true */
  readonly kills?: boolean;
}

/** What it happens to. */
export interface Operation {
  readonly args: () => Promise<readonly string[]>;
  /** Before it begins: a set that has every acknowledged row, because it puts other data in place. */
  readonly replaces?: boolean;
  /** Where its moments count from. @default its start */
  readonly after?: RegExp;
}

/** `daemon` is a command that kills the Docker Engine and starts it again. */
export function kindsOf(
  stack: BackupStack,
  { daemon, disks = {} }: { readonly daemon?: string | undefined; readonly disks?: Record<string, SmallDisk> },
): Record<string, Kind> {
  const restart = (service: string) => docker("restart", "-t", "0", stack.name(service)).catch(() => "it is gone");
  return {
    "the command line": { begin: () => Promise.resolve() },
    "the backup's container": { begin: () => restart("backup") },
    "the restore's container": { begin: () => endRestore(stack) },
    "the server": { begin: () => restart("postgres") },
    ...(daemon !== undefined && { "the Docker Engine": { begin: () => promisify(execFile)("sh", ["-c", daemon]) } }),
    ...Object.fromEntries(
      Object.entries(disks).map(([name, disk]) => [
        `a full disk of the ${name}`,
        { begin: () => disk.fill(), end: () => disk.free(), kills: false },
      ]),
    ),
  };
}

const endRestore = (stack: BackupStack) => docker("rm", "-f", stack.name("restore")).catch(() => "there was none");

/** `repository` picks one of the two; `rotate` asks for the next value of a secret. */
export function operationsOf(
  stack: BackupStack,
  choices: { readonly repository: () => string; readonly rotate: () => void },
): Record<string, Operation> {
  const confirm = ["--confirm", stack.stack];
  const half: KillMoment = { after: /the set is in place/ };
  /** What is left when a restore was killed after its swap. */
  const halfRestored = async () => {
    await killDuring(stack.project, ["restore", ...confirm], half);
    await endRestore(stack);
  };
  return {
    backup: { args: () => Promise.resolve(["backup"]) },
    upload: { args: () => Promise.resolve(["backup"]), after: /: copying to/ },
    prune: {
      args: async () => {
        await stack.inBackup("echo owed >/backup/state/prune-local; echo owed >/backup/state/prune-remote");
        return ["backup"];
      },
      after: /reading volumes/,
    },
    drill: { args: () => Promise.resolve(["drill"]) },
    restore: {
      args: () => Promise.resolve(["restore", "--repository", choices.repository(), ...confirm]),
      replaces: true,
    },
    "point in time": {
      args: async () => {
        const metrics = await stack.inBackup("cat /backup-metrics/backup.prom");
        const moment = Number(/restorable_timestamp_seconds\{repository="local"\} (\d+)/.exec(metrics)?.[1]);
        const time = new Date(moment * 1000).toISOString().replace(".000Z", "Z");
        return ["restore", "--point-in-time", time, ...confirm];
      },
      replaces: true,
    },
    finish: {
      args: async () => {
        await halfRestored();
        return ["restore", "--finish", ...confirm];
      },
      replaces: true,
    },
    undo: {
      args: async () => {
        await halfRestored();
        return ["restore", "--undo", ...confirm];
      },
      replaces: true,
    },
    rotation: {
      args: () => {
        choices.rotate();
        return Promise.resolve(["up"]);
      },
    },
  };
}
