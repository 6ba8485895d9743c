import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { engineOutput } from "../engine/progress.ts";
import { pulumi } from "../engine/pulumi.ts";
import { stateOf, type State } from "../engine/state.ts";
import { placesOf, runtimeAt, type Place } from "./place.ts";
import { withLock } from "./lock/stack-lock.ts";
import { forgetPending } from "./repair.ts";
import type { Owner, Runtime } from "./runtime.ts";

/** What runs the stack at a place. */
export type RuntimeAt = (place: Place) => Promise<Runtime>;

type RemovedStack = Pick<Stack, "exportStack" | "importStack" | "destroy" | "name" | "workspace">;

export interface RemovalOptions {
  /** First takes the lock away from whoever has it. @default false */
  readonly unlock?: boolean;
  readonly at?: RuntimeAt;
}

/**
 * Removes all that a stack has, its data too, wherever its state says that it
 * runs. No settings are read: they may name another place by now.
 * Returns how many volumes went.
 * @throws CliError where nothing answers there, or what is there is another's; nothing was changed
 */
export async function removeByState(
  stack: RemovedStack,
  owner: Owner,
  { unlock = false, at = (place) => runtimeAt(place, owner.settings.identity) }: RemovalOptions = {},
): Promise<number> {
  const runtimes = await Promise.all(placesOf(stateOf(await stack.exportStack())).map(at));
  for (const runtime of runtimes) await runtime.require();
  const locks = runtimes.map((runtime) => runtime.lock(owner));
  if (unlock)
    for (const lock of locks) {
      const holder = await lock.read();
      if (holder !== undefined) await lock.release(holder);
    }
  return withLock(locks, { stack: owner.stack, command: "ci close", interrupt: "waits" }, () =>
    removeFrom(runtimes, stack, owner),
  );
}

async function removeFrom(runtimes: readonly Runtime[], stack: RemovedStack, owner: Owner): Promise<number> {
  // Again: whoever held the stack until now has changed it.
  const exported = await stack.exportStack();
  const state = stateOf(exported);
  for (const runtime of runtimes) await runtime.guardRemoval(owner, state);
  for (const runtime of runtimes) await runtime.removeOrphans(owner, state);
  await forgetPending(stack, exported);
  if (isProtected(state)) await pulumi(stack, ["state", "unprotect", "--all", "--yes"]);
  let removed = 0;
  // A place removes around the destroy what the engine was told to retain there.
  const destroy = runtimes.reduce(
    (inner, runtime) => async () => {
      removed += await runtime.removeData(owner, [], inner);
    },
    async () => {
      await stack.destroy(engineOutput());
    },
  );
  await destroy();
  return removed;
}

function isProtected({ resources = [] }: State): boolean {
  return resources.some(({ protect }) => protect === true);
}
