import { readdirSync, readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { note } from "../output.js";
import type { Project } from "../project.js";
import { HOME } from "./home.js";

interface Lock {
  readonly pid: number;
  readonly hostname: string;
}

/**
 * Takes away the lock of an engine that died on this machine. A lock of a file
 * backend has no lease: it stays until somebody says that its owner is gone.
 */
export async function clearDeadLock(stack: Stack, project: Pick<Project, "directory" | "stack" | "settings">): Promise<void> {
  const locks = locksOf(project);
  if (locks.length === 0 || locks.some(({ alive }) => alive)) return;
  note(`unlocking: process ${locks.map(({ pid }) => pid).join(", ")}, which held the lock, is gone`);
  await stack.cancel();
}

/** The locks of the local state, and whether their owners live. Another backend's are not to be read from here. */
export function locksOf(project: Pick<Project, "directory" | "stack" | "settings">): readonly (Lock & { readonly alive: boolean })[] {
  if (process.env["PULUMI_BACKEND_URL"] !== undefined) return [];
  return readLocks(join(project.directory, HOME, "state", ".pulumi", "locks", "organization", project.settings.identity.project, project.stack)).map(
    (lock) => ({ ...lock, alive: isAlive(lock) }),
  );
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
