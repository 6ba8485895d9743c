import { execFile } from "node:child_process";
import { createInterface } from "node:readline/promises";
import { promisify } from "node:util";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { openStack } from "../engine/open.js";
import { engineOutput } from "../engine/progress.js";
import { repair } from "../engine/repair.js";
import { stateOf } from "../engine/state.js";
import { CliError, EXIT } from "../exit.js";
import { note, printJson } from "../output.js";
import { loadProject, type CommonOptions, type Project } from "../project.js";
import { createRuntime } from "../runtime/create.js";
import type { Runtime } from "../runtime/runtime.js";

export interface DestroyOptions extends CommonOptions {
  readonly removeData?: boolean;
  readonly confirm?: string;
}

/** Removes a stack; data volumes and the secrets that belong to them stay, unless their removal is confirmed. */
export async function destroy(options: DestroyOptions): Promise<void> {
  const project = await loadProject(options);
  const runtime = await createRuntime(project);
  await runtime.require();
  if (options.removeData === true) await confirmRemoval(options);
  const stack = await openStack(project);
  await repair(stack, runtime, project);
  if (options.removeData === true) {
    await unprotectAll(stack);
    note(`removed ${await runtime.removeData(project, () => stack.destroy(engineOutput()))} data volumes`);
  } else {
    await stack.destroy({ ...engineOutput(), exclude: [...(await keptUrns(stack, runtime, project))] });
    note("data volumes and their secrets are kept; `npm run up` finds them again");
  }
  if (options.json === true) printJson({ stack: options.stack, dataRemoved: options.removeData === true });
}

/** Volumes of class data, and every secret: a volume remembers passwords, and data is encrypted with keys. */
async function keptUrns(stack: Stack, runtime: Runtime, project: Project): Promise<readonly string[]> {
  const { resources = [] } = stateOf(await stack.exportStack());
  return resources.filter((resource) => resource.type.startsWith("random:") || runtime.keeps(resource, project)).map(({ urn }) => urn);
}

async function confirmRemoval({ stack, confirm }: DestroyOptions): Promise<void> {
  const answer = confirm ?? (await ask(`This deletes the data of stack ${stack} for ever. Type the stack's name to go on: `));
  if (answer !== stack) throw new CliError(`--remove-data: got "${answer}"; allowed: "${stack}", the stack's name; nothing was removed`, EXIT.usage);
}

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) return "";
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}

/** The Automation API has no verb for this. */
async function unprotectAll({ name, workspace }: Stack): Promise<void> {
  await promisify(execFile)("pulumi", ["state", "unprotect", "--all", "--yes", "--stack", name], { cwd: workspace.workDir });
}
