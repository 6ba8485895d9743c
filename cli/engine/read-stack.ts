import { existsSync } from "node:fs";
import { join } from "node:path";
import { LocalWorkspace, StackNotFoundError, type Stack } from "@pulumi/pulumi/automation/index.js";
import { CliError, EXIT } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";
import { engineEnvironment } from "./find.ts";
import { backendUrl, givenPassphrase, HOME, PASSPHRASE_FILE, passphrasePath } from "./home.ts";
import { requireEngine } from "./open.ts";
import { stateOf, type State } from "./state.ts";

type Named = Pick<Project, "directory" | "stack">;

/**
 * The project's stack for a command that changes nothing: on a fresh clone it
 * makes no stack, no passphrase and no line in the stack's file.
 * @throws CliError for a stack that the state does not know, and for a local state without its passphrase
 */
export async function readStack(project: Named): Promise<Stack> {
  const found = await findStack(project);
  if (found !== undefined) return found;
  throw unknownStack(project.stack, backendUrl() ?? join(project.directory, HOME));
}

/**
 * What the engine knows of a stack. `undefined` for a stack that was never up from here.
 * @throws CliError for a local state without its passphrase
 */
export async function knownState(project: Named): Promise<State | undefined> {
  const found = await findStack(project);
  return found && stateOf(await found.exportStack());
}

async function findStack({ directory, stack }: Named): Promise<Stack | undefined> {
  const home = join(directory, HOME);
  if (backendUrl() === undefined && !existsSync(join(home, "state", ".pulumi"))) return undefined;
  const environment = { ...engineEnvironment(await requireEngine()), ...ownPassphrase(home, stack) };
  // The Automation API looks the CLI up on this process's PATH.
  Object.assign(process.env, environment);
  try {
    return await LocalWorkspace.selectStack({ stackName: stack, workDir: directory }, { envVars: environment });
  } catch (error) {
    if (error instanceof StackNotFoundError) return undefined;
    throw error;
  }
}

function unknownStack(stack: string, backend: string): CliError {
  return new CliError(
    {
      got: `stack: got "${stack}", which the state in ${backend} does not have`,
      allowed: "a stack that is or was up from here",
      fix: "name the right backend with PULUMI_BACKEND_URL, bring its state here with `npm run state -- restore FILE`, or make it: npm run up; nothing was changed",
    },
    EXIT.usage,
  );
}

/** The passphrase that the first `up` made. */
function ownPassphrase(home: string, stack: string): Record<string, string> {
  if (givenPassphrase()) return {};
  const own = passphrasePath(home);
  if (existsSync(own)) return { [PASSPHRASE_FILE]: own };
  // A service or a key of a cloud may stand for it; the engine says so.
  if (backendUrl() !== undefined) return {};
  throw new CliError(
    {
      got: `stack ${stack}: got its state and no passphrase`,
      allowed: "the passphrase that it was made with",
      fix: `put it into ${own} or name its file with ${PASSPHRASE_FILE}; nothing was changed`,
    },
    EXIT.usage,
  );
}
