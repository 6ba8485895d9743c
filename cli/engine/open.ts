import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation/index.js";
import { addressParts } from "../../components/model/docker-address.ts";
import type { Settings } from "../../components/stack/settings.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";
import { copyCommonSecrets } from "./common-secrets.ts";
import { engineEnvironment, findEngine, INSTALL_ENGINE } from "./find.ts";
import { prepareHome } from "./home.ts";

/** The engine's provider makes a connection for each resource that it works on: sshd drops logins beyond ten that are not done yet (MaxStartups). */
const FEW_LOGINS = { PULUMI_PARALLEL: process.env["PULUMI_PARALLEL"] ?? "8" };

/** An engine that was found, or the sentence that says what is missing. */
export async function requireEngine() {
  const engine = await findEngine();
  if ("missing" in engine)
    throw new CliError(
      { happened: `nothing was deployed: missing ${engine.missing}`, fix: INSTALL_ENGINE },
      EXIT.noEngine,
    );
  return engine;
}

/** What the engine needs from its environment, which this process then has too: the Automation API looks the CLI up on its PATH. */
async function prepareEnvironment(
  directory: string,
  options: Record<string, string> = {},
): Promise<Record<string, string>> {
  const environment = { ...engineEnvironment(await requireEngine()), ...prepareHome(directory), ...options };
  Object.assign(process.env, environment);
  return environment;
}

/** The project of a directory, for what is about no single stack. */
export async function openWorkspace(directory: string): Promise<LocalWorkspace> {
  return LocalWorkspace.create({ workDir: directory, envVars: await prepareEnvironment(directory) });
}

/**
 * A stack that the state already knows.
 * @throws CliError when it does not
 */
export async function openKnownStack(directory: string, name: string): Promise<Stack> {
  const workspace = await openWorkspace(directory);
  const known = (await workspace.listStacks()).map((stack) => stack.name);
  if (!known.includes(name))
    throw new CliError(
      {
        got: `stack: got "${name}"`,
        allowed: `one that the state knows: ${known.join(", ")}`,
        fix: "name one of them",
      },
      EXIT.usage,
    );
  // Its state alone says where it runs, which may be behind ssh.
  const envVars = { ...workspace.envVars, ...FEW_LOGINS };
  return LocalWorkspace.selectStack({ stackName: name, workDir: directory }, { envVars });
}

function boundedLogins(settings: Pick<Settings, "platform" | "docker"> | undefined): Record<string, string> {
  if (settings?.platform !== "docker" || addressParts(settings.docker.host)?.kind !== "ssh") return {};
  return FEW_LOGINS;
}

/** The project's stack in the engine, made when it is new. `options` are variables that the engine reads. */
export async function openStack(
  { directory, stack, settings }: Pick<Project, "directory" | "stack"> & Partial<Pick<Project, "settings">>,
  options: Record<string, string> = {},
): Promise<Stack> {
  const environment = await prepareEnvironment(directory, { ...boundedLogins(settings), ...options });
  copyCommonSecrets(directory, stack);
  try {
    return await LocalWorkspace.createOrSelectStack({ stackName: stack, workDir: directory }, { envVars: environment });
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("incorrect passphrase"))) throw error;
    throw new CliError({
      got: `Pulumi.${stack}.yaml: got an encryptionsalt that belongs to another passphrase`,
      allowed: "the salt of the passphrase in use",
      fix:
        "nothing was changed: name that passphrase with PULUMI_CONFIG_PASSPHRASE_FILE, " +
        "or remove the line encryptionsalt where the file has no secrets of yours",
    });
  }
}
