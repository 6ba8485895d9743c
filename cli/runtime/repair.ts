import type { Deployment, Stack } from "@pulumi/pulumi/automation/index.js";
import { note } from "../kit/output.ts";
import type { Project } from "../kit/project.ts";
import type { GuardOptions, Runtime } from "./runtime.ts";
import { clearDeadLock } from "../engine/lock.ts";
import { stateOf } from "../engine/state.ts";

/**
 * Clears what an interrupted or failed update left and the engine alone would
 * stumble over. The caller holds the stack. `prepare` comes after
 * all that is refused and before all that is changed. Returns the URNs that the next update must replace.
 */
export async function repair(
  stack: Pick<Stack, "importStack">,
  runtime: Runtime,
  project: Project,
  exported: Deployment,
  options: GuardOptions = {},
  prepare: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly string[]> {
  clearDeadLock(project);
  const state = stateOf(exported);
  await runtime.guard(project, state, options);
  await prepare();
  await runtime.removeOrphans(project, state);
  await forgetPending(stack, exported);
  const observations = await runtime.observe(project.recording.result.inventory);
  for (const { service, state: how, tier } of observations)
    if (tier === "data" && /^(recovering|unhealthy)$/.test(how))
      note(`${service} is ${how} and is left alone: it holds data, and a new one would begin its recovery again`);
  return (state.resources ?? []).filter((resource) => runtime.isBroken(resource, observations)).map(({ urn }) => urn);
}

/** Creations that were under way are no more: what they made is removed, and the rest a refresh sees. */
export async function forgetPending(stack: Pick<Stack, "importStack">, exported: Deployment): Promise<void> {
  const state = stateOf(exported);
  if ((state.pending_operations ?? []).length === 0) return;
  note(`forgetting ${state.pending_operations?.length ?? 0} operations of an interrupted update`);
  await stack.importStack({ ...exported, deployment: { ...state, pending_operations: [] } });
}
