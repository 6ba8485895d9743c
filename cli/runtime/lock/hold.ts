import { openStack } from "../../engine/open.ts";
import { knownState } from "../../engine/read-stack.ts";
import type { State } from "../../engine/state.ts";
import { CliError, EXIT } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import type { Project } from "../../kit/project.ts";
import { createRuntime } from "../create.ts";
import type { LostDataOptions } from "../lost-data.ts";
import type { Runtime } from "../runtime.ts";
import { noteHolder, withLock } from "./stack-lock.ts";

/**
 * Runs a command that changes a stack while no other does.
 * @throws CliError that names who holds the stack, and where nothing answers
 */
export async function holding<T>(project: Project, command: string, work: () => Promise<T>): Promise<T> {
  const runtime = await createRuntime(project, openStack);
  await runtime.require();
  return withLock([runtime.lock(project)], { stack: project.stack, command }, work);
}

/**
 * The same for what concerns the state alone, which must come back before
 * anything else does: where nothing answers nobody can be at work.
 * @throws CliError that names who holds the stack
 */
export async function holdingState<T>(project: Project, command: string, work: () => Promise<T>): Promise<T> {
  const runtime = await reachable(project);
  if (runtime === undefined) {
    note(
      `stack ${project.stack}: nothing answers where it runs, so nobody can be asked whether another command works on it`,
    );
    return work();
  }
  return withLock([runtime.lock(project)], { stack: project.stack, command }, work);
}

/**
 * Compares what answers with the state, before anything is made there: even the
 * lock is something that another engine would have to keep.
 * @throws CliError when it is another place than the state's, and where nothing answers
 */
export async function refuseOtherPlace(
  project: Project,
  runtime: Pick<Runtime, "require" | "guardPlace">,
  { dataIsLost = false }: LostDataOptions = {},
  read: (project: Project) => Promise<State | undefined> = knownState,
): Promise<void> {
  const state = dataIsLost ? undefined : await read(project);
  if (state === undefined) return;
  await runtime.require();
  await runtime.guardPlace(project, state);
}

/** Says who works on a stack, to a command that only looks. */
export async function noteWhoHolds(project: Project): Promise<void> {
  const runtime = await reachable(project);
  if (runtime !== undefined) await noteHolder(project.stack, runtime.lock(project));
}

/** What runs a stack, where it answers. */
export async function reachable(project: Project): Promise<Runtime | undefined> {
  try {
    const runtime = await createRuntime(project);
    await runtime.require();
    return runtime;
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT.noEngine) return undefined;
    throw error;
  }
}
