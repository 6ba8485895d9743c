import { resolve } from "node:path";
import { openKnownStack, openWorkspace } from "../../engine/open.ts";
import { clearDeadLock } from "../../engine/lock.ts";
import { CliError, EXIT } from "../../kit/exit.ts";
import { note, print, printJson } from "../../kit/output.ts";
import { projectName } from "../../kit/project.ts";
import { pullRequestOf } from "../../kit/pull-request.ts";
import { removeByState } from "../../runtime/remove-stack.ts";

export interface CiCloseOptions {
  readonly stack: string;
  readonly cwd: string;
  readonly unlock?: boolean;
  readonly json?: boolean;
}

/**
 * Removes the stack of a pull request with its data, by its state alone; one that was never up is no error.
 * @throws CliError for the name of another stack, and where it could not be removed
 */
export async function ciClose({ stack, cwd, unlock = false, json = false }: CiCloseOptions): Promise<void> {
  if (pullRequestOf(stack) === undefined)
    throw new CliError(
      {
        got: `--stack: got "${stack}"`,
        allowed: "the stack of a pull request, pr-<n>",
        fix: "remove another with: npm run destroy",
      },
      EXIT.usage,
    );
  const directory = resolve(cwd);
  const known = (await (await openWorkspace(directory)).listStacks()).some(({ name }) => name === stack);
  if (known) await closeStack(directory, stack, unlock);
  if (json) printJson({ stack, removed: known });
  else print(known ? `stack ${stack} is removed` : `there is no stack ${stack}`);
}

/** Removes a stack that the backend knows, and then the backend's knowledge of it. */
export async function closeStack(directory: string, name: string, unlock: boolean): Promise<void> {
  const stack = await openKnownStack(directory, name);
  const owner = { stack: name, settings: { identity: { project: projectName(directory), stack: name } } };
  if (unlock) await stack.cancel();
  else clearDeadLock({ ...owner, directory });
  note(`removed ${await removeByState(stack, owner, { unlock })} data volumes`);
  await stack.workspace.removeStack(name);
}
