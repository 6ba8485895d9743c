import { setTimeout as sleep } from "node:timers/promises";
import type { Problem } from "../../../components/model/problem.ts";
import { CliError } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import { isGone } from "../../kit/process.ts";
import { describeHolder, thisHolder, type Holder, type LockStore } from "./holder.ts";

/** How a command holds a stack. */
export interface LockOptions {
  readonly stack: string;
  /** What the operator called, such as `up`. */
  readonly command: string;
  /**
   * What Ctrl-C does: `waits` for the engine, which gets the signal too and ends what
   * it has begun, or `ends` the command. `@default ends`
   */
  readonly interrupt?: "waits" | "ends";
}

/** Time in which another process that removes the same dead lock is through with it, in milliseconds. */
const SETTLE = 1000;
/** What a shell expects of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/**
 * Runs a command that changes a stack while no other does, on whatever machine.
 * The lock of a process that is gone for sure is taken over, and that is said.
 * @throws CliError that names who holds the stack; nothing was changed
 */
export async function withLock<T>(
  stores: readonly LockStore[],
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const [store, ...others] = stores;
  if (store === undefined) return work();
  const holder = thisHolder(options.command);
  await take(store, holder, options);
  const release = () => store.release(holder);
  const stopListening = onInterrupt(options, release);
  try {
    return await withLock(others, options, work);
  } finally {
    stopListening();
    await release();
  }
}

async function take(store: LockStore, holder: Holder, { stack }: LockOptions): Promise<void> {
  const held = await store.take(holder);
  if (held.token === holder.token) return;
  if (!isGone(held)) throw new CliError(heldProblem(stack, held));
  note(`stack ${stack}: ${describeHolder(held)} is gone and did not end in order; going on from what it left`);
  await store.release(held);
  const now = await store.take(holder);
  // Another process that saw the same dead lock may have removed this one in its place.
  if (now.token === holder.token) await sleep(SETTLE);
  const then = now.token === holder.token ? await store.read() : now;
  if (then?.token !== holder.token) throw new CliError(heldProblem(stack, then ?? held));
}

/** What a command is told while another one holds the stack. */
export function heldProblem(stack: string, holder: Holder): Problem {
  return {
    got: `stack ${stack}: ${describeHolder(holder)} works on it`,
    allowed: "one command at a time",
    fix: `nothing was changed: wait for its end; where it is gone for sure: npm run state -- unlock --force --stack ${stack}`,
  };
}

/** Says to who only looks that what is seen may change. A lock that cannot be read holds nobody up. */
export async function noteHolder(stack: string, store: LockStore): Promise<void> {
  const holder = await store.read().catch(() => undefined);
  if (holder !== undefined && !isGone(holder)) note(`stack ${stack}: ${describeHolder(holder)} works on it now`);
}

function onInterrupt({ interrupt = "ends" }: LockOptions, release: () => Promise<void>): () => void {
  let asked = 0;
  const listener = () => {
    asked += 1;
    if (interrupt === "waits" && asked === 1) {
      note("waiting until the engine has stopped; once more: end at once");
      return;
    }
    // The engine still works after the second Ctrl-C: its lock then stays with this one.
    void (interrupt === "ends" ? release() : Promise.resolve()).finally(() => process.exit(INTERRUPTED));
  };
  process.on("SIGINT", listener);
  return () => process.off("SIGINT", listener);
}
