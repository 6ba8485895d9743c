import { DATA_KEYS, type DataKeyName } from "../../components/services/catalogue.ts";
import { confirmStack } from "../kit/ask.ts";
import { openKnownStack, openStack } from "../engine/open.ts";
import { pulumi } from "../engine/pulumi.ts";
import { CliError } from "../kit/exit.ts";
import { print, printJson } from "../kit/output.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { holdingState } from "../runtime/lock/hold.ts";

export interface KeysOptions extends CommonOptions {
  readonly from: string;
  readonly confirm?: string;
}

/** Gives a stack the keys that another one's data is encrypted with, as secret settings; the next `up` uses them. */
export async function keys({ from, confirm, ...options }: KeysOptions): Promise<void> {
  const project = await loadProject(options);
  const found = (await (await openKnownStack(project.directory, from)).outputs())["dataKeys"]?.value as
    Record<DataKeyName, string> | undefined;
  if (found === undefined)
    throw new CliError({
      happened: `stack ${from}: its state has no keys yet`,
      fix: `run: npm run up -- --stack ${from}`,
    });
  await confirmStack(
    "--confirm",
    options.stack,
    `After this stack ${options.stack} cannot read what it has encrypted with its own keys.`,
    confirm,
  );
  const set = await holdingState(project, "keys", () => setKeys(project, found));
  if (options.json === true) printJson({ stack: options.stack, from, set });
  else print(`set the secrets ${set.join(" and ")}; run: npm run up -- --stack ${options.stack}`);
}

async function setKeys(project: Project, keys: Record<DataKeyName, string>): Promise<readonly string[]> {
  const stack = await openStack(project);
  const set: string[] = [];
  for (const [name, { given }] of Object.entries(DATA_KEYS)) {
    await pulumi(
      stack,
      ["config", "set", "--secret", `${project.settings.identity.project}:${given}`],
      keys[name as DataKeyName],
    );
    set.push(given);
  }
  return set;
}
