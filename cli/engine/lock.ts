import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import { HOME } from "./home.ts";

interface Lock {
  readonly pid: number;
  readonly hostname: string;
}

/** Whose lock is meant. */
type LockedStack = Pick<Project, "directory" | "stack"> & { readonly settings: Pick<Project["settings"], "identity"> };

/** The process that holds a lock. */
export interface LockOwner extends Lock {
  /** Whether it may still run; one of another machine counts as alive. */
  readonly alive: boolean;
}

/**
 * Takes away the lock of an engine that died on this machine. A lock of a file
 * backend has no lease: it stays until somebody says that its owner is gone.
 */
export async function clearDeadLock(stack: Pick<Stack, "cancel">, project: LockedStack): Promise<void> {
  const locks = lockOwners(project);
  if (locks.length === 0 || locks.some(({ alive }) => alive)) return;
  note(`unlocking: process ${locks.map(({ pid }) => pid).join(", ")}, which held the lock, is gone`);
  await stack.cancel();
}

/** Who holds the state's lock; nobody for a backend that is not a local directory, whose locks are its own. */
export function lockOwners({ directory, stack, settings }: LockedStack): readonly LockOwner[] {
  if (process.env["PULUMI_BACKEND_URL"] !== undefined) return [];
  const locks = readLocks(
    join(directory, HOME, "state", ".pulumi", "locks", "organization", settings.identity.project, stack),
  );
  return locks.map((lock) => ({ ...lock, alive: isAlive(lock) }));
}

function readLocks(directory: string): readonly Lock[] {
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith(".json"))
      .map((file) => JSON.parse(readFileSync(join(directory, file), "utf8")) as Lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** The owner of a lock from another machine counts as alive: nobody here can tell. */
function isAlive(lock: Lock): boolean {
  if (lock.hostname !== hostname()) return true;
  try {
    process.kill(lock.pid, 0);
  } catch {
    return false;
  }
  return !isZombie(lock.pid);
}

/** A killed process whose parent died before it is still listed where nobody reaps it. */
function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
