import { readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { exists, startTime } from "../kit/process.ts";
import { CliError } from "../kit/exit.ts";
import { note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import { backendUrl, HOME } from "./home.ts";

/** What the engine writes about itself. */
interface Lock {
  readonly pid: number;
  readonly hostname: string;
  readonly username?: string;
  readonly timestamp?: string;
}

/** Whose lock is meant. */
export type LockedStack = Pick<Project, "directory" | "stack"> & {
  readonly settings: Pick<Project["settings"], "identity">;
};

/** The engine that holds a lock of the state. */
export interface LockOwner extends Lock {
  /** Whether it may still run; one of another machine counts as alive. */
  readonly alive: boolean;
  readonly file: string;
}

/** Milliseconds by which clocks that are set while an engine runs may be wrong. */
const CLOCK = 60_000;

/**
 * Takes away the locks of engines that died on this machine. A lock of a file
 * backend has no lease: it stays until somebody says that its owner is gone.
 * @throws CliError where an engine is at work on the stack
 */
export function clearDeadLock(project: LockedStack): void {
  const owners = lockOwners(project);
  const alive = owners.filter((owner) => owner.alive);
  if (alive.length > 0)
    throw new CliError({
      got: `stack ${project.stack}: the engine works on it: ${alive.map(describeEngine).join(", ")}`,
      allowed: "one at a time",
      fix: `nothing was changed: wait for its end, or where it is gone: npm run state -- unlock --stack ${project.stack}`,
    });
  for (const owner of owners) {
    note(`unlocking: process ${owner.pid}, which held the lock of the state, is gone`);
    removeLock(owner);
  }
}

/** Takes away this lock alone: the engine's own command takes all, and with them that of an engine which just began. */
export function removeLock({ file }: LockOwner): void {
  rmSync(file, { force: true });
}

export function describeEngine({ pid, hostname: host, username, timestamp }: LockOwner): string {
  const since = timestamp === undefined ? "" : ` since ${timestamp}`;
  return `process ${pid}${username === undefined ? "" : ` of ${username}`} on ${host}${since}`;
}

/** Whether the locks of the state are files of this machine; those of another backend only the engine can see. */
export function seesLocks(): boolean {
  return backendUrl()?.startsWith("file://") ?? true;
}

/** Who holds the state's lock, as far as that can be seen. */
export function lockOwners({ directory, stack, settings }: LockedStack): readonly LockOwner[] {
  if (!seesLocks()) return [];
  const state = backendUrl()?.slice("file://".length) ?? join(directory, HOME, "state");
  const locks = readLocks(join(state, ".pulumi", "locks", "organization", settings.identity.project, stack));
  return locks.map((lock) => ({ ...lock, alive: isAlive(lock) }));
}

function readLocks(directory: string): readonly (Lock & { readonly file: string })[] {
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith(".json"))
      .map((name) => join(directory, name))
      .map((file) => ({ ...(JSON.parse(readFileSync(file, "utf8")) as Lock), file }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** The owner of a lock from another machine counts as alive: nobody here can tell. */
function isAlive({ pid, hostname: host, timestamp }: Lock): boolean {
  if (host !== hostname()) return true;
  if (!exists(pid)) return false;
  // A number that another process got since, such as after a reboot.
  const [started, locked] = [startTime(pid), Date.parse(timestamp ?? "")];
  return started === undefined || Number.isNaN(locked) || started <= locked + CLOCK;
}
