import { confirmStack } from "../kit/ask.ts";
import { describeEngine, lockOwners, removeLock, seesLocks } from "../engine/lock.ts";
import { backendUrl } from "../engine/home.ts";
import { readStack } from "../engine/read-stack.ts";
import { CliError } from "../kit/exit.ts";
import { note, print, printJson } from "../kit/output.ts";
import { isGone } from "../kit/process.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { reachable } from "../runtime/lock/hold.ts";
import { describeHolder } from "../runtime/lock/holder.ts";

export interface UnlockOptions extends CommonOptions {
  /** Also takes a lock away whose owner may be alive. */
  readonly force?: boolean;
  readonly confirm?: string;
}

/** A lock of a stack, whatever it is kept in. */
interface HeldLock {
  readonly owner: string;
  readonly gone: boolean;
  readonly remove: () => Promise<void>;
}

/**
 * Shows who holds a stack, and takes the locks away: from owners that are gone
 * for sure, and with `--force` from all, because nobody can tell that of another machine.
 */
export async function unlock({ force = false, confirm, ...options }: UnlockOptions): Promise<void> {
  const project = await loadProject(options);
  const locks = [...(await stackLocks(project)), ...engineLocks(project)];
  for (const { owner, gone } of locks) note(`${owner}: ${gone ? "gone" : "may be at work"}`);
  const alive = locks.filter(({ gone }) => !gone);
  if (alive.length > 0 && !force)
    throw new CliError({
      got: `stack ${options.stack}: it is held by ${alive.map(({ owner }) => owner).join(", ")}`,
      allowed: "locks whose owner is gone",
      fix: `nothing was changed: wait for its end; where it is gone for sure: npm run state -- unlock --force --stack ${options.stack}`,
    });
  if (force && (alive.length > 0 || !seesLocks()))
    await confirmStack(
      "--force",
      options.stack,
      `A command that still works on stack ${options.stack} and another one break each other's work.`,
      confirm,
    );
  for (const { remove } of locks) await remove();
  if (force && !seesLocks()) await (await readStack(project)).cancel();
  else if (!seesLocks())
    note(`locks of the state at ${backendUrl() ?? ""} only the engine sees; where one is left: add --force`);
  if (options.json === true) printJson({ stack: options.stack, unlocked: locks.length });
  else print(locks.length === 0 ? "there is no lock" : "unlocked");
}

/** The lock at the runtime; one that does not answer has nobody at work. */
async function stackLocks(project: Project): Promise<readonly HeldLock[]> {
  const runtime = await reachable(project);
  if (runtime === undefined) {
    note(`stack ${project.stack}: nothing answers where it runs; its lock there was not looked at`);
    return [];
  }
  const store = runtime.lock(project);
  const holder = await store.read();
  if (holder === undefined) return [];
  return [{ owner: describeHolder(holder), gone: isGone(holder), remove: () => store.release(holder) }];
}

/** The locks of the engine. */
function engineLocks(project: Project): readonly HeldLock[] {
  return lockOwners(project).map((owner) => ({
    owner: `the engine, ${describeEngine(owner)}`,
    gone: !owner.alive,
    remove: () => {
      removeLock(owner);
      return Promise.resolve();
    },
  }));
}
