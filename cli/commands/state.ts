import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { confirmStack } from "../kit/ask.ts";
import { clearDeadLock } from "../engine/lock.ts";
import { openStack } from "../engine/open.ts";
import { readStack } from "../engine/read-stack.ts";
import { pulumi } from "../engine/pulumi.ts";
import { stateOf } from "../engine/state.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import { print, printJson } from "../kit/output.ts";
import { writePrivate } from "../kit/private-file.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { holdingState } from "../runtime/lock/hold.ts";

export interface StateBackupOptions extends CommonOptions {
  readonly out?: string;
}

export interface StateRestoreOptions extends CommonOptions {
  readonly confirm?: string;
}

/** A stack's state in a file; secrets in it are encrypted with the stack's passphrase, which is not in it. */
interface StateFile {
  readonly project: string;
  readonly stack: string;
  readonly exported: { readonly deployment?: { readonly resources?: readonly unknown[] } };
}

/** Writes the stack's state, and with it its encrypted keys and passwords, to a file that only its owner reads. */
export async function stateBackup(options: StateBackupOptions): Promise<void> {
  const project = await loadProject(options);
  const stack = await readStack(project);
  const path = resolve(options.out ?? `${options.stack}.state.json`);
  if (existsSync(path))
    throw new CliError(
      { got: `--out: got ${path}, which is there`, allowed: "a new file", fix: "name another; nothing was written" },
      EXIT.usage,
    );
  const partial = `${path}.part`;
  try {
    writePrivate(partial, "");
    // The Automation API's own export decrypts every secret.
    await pulumi(stack, ["stack", "export", "--file", partial]);
    const exported = JSON.parse(readFileSync(partial, "utf8")) as StateFile["exported"];
    const count = exported.deployment?.resources?.length ?? 0;
    if (count === 0)
      throw new CliError({
        got: `stack ${options.stack}: its state is empty`,
        allowed: "a stack that is or was up",
        fix: "run: npm run up; nothing was written",
      });
    const file: StateFile = { project: project.settings.identity.project, stack: options.stack, exported };
    writePrivate(partial, `${JSON.stringify(file)}\n`);
    renameSync(partial, path);
    if (options.json === true) printJson({ file: path, resources: count });
    else print(`${path}: ${count} resources; its secrets are encrypted: keep the passphrase apart from it`);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Brings a state back, and asks before it replaces one that knows resources. */
export async function stateRestore(file: string, options: StateRestoreOptions): Promise<void> {
  const project = await loadProject(options);
  const { exported, ...of } = readStateFile(file);
  if (of.project !== project.settings.identity.project || of.stack !== options.stack)
    throw new CliError(
      {
        got: `${file}: it is the state of ${of.project}/${of.stack}`,
        allowed: `that of ${project.settings.identity.project}/${options.stack}`,
        fix: "name that file, or its stack with --stack; nothing was changed",
      },
      EXIT.usage,
    );
  const restored = exported.deployment?.resources?.length ?? 0;
  await holdingState(project, "state restore", () => replaceState(project, exported, options));
  if (options.json === true) printJson({ file, resources: restored });
  else print(`${restored} resources; run: npm run up`);
}

async function replaceState(
  project: Project,
  exported: StateFile["exported"],
  { stack: name, confirm }: StateRestoreOptions,
): Promise<void> {
  clearDeadLock(project);
  const stack = await openStack(project);
  const { resources = [] } = stateOf(await stack.exportStack());
  if (resources.length > 0)
    await confirmStack(
      "--confirm",
      name,
      `This replaces a state of ${resources.length} resources; what only it knows is forgotten.`,
      confirm,
    );
  const partial = join(project.directory, `.${name}.state.part`);
  try {
    writePrivate(partial, JSON.stringify(exported));
    await pulumi(stack, ["stack", "import", "--file", partial]);
  } finally {
    rmSync(partial, { force: true });
  }
}

function readStateFile(path: string): StateFile {
  try {
    const file = JSON.parse(readFileSync(path, "utf8")) as Partial<StateFile>;
    if (
      file.project !== undefined &&
      file.stack !== undefined &&
      (file.exported?.deployment?.resources?.length ?? 0) > 0
    )
      return file as StateFile;
  } catch {
    // Said below, with what would be allowed.
  }
  throw new CliError(
    {
      got: `${path}: got no whole state file`,
      allowed: "a file that `npm run state -- backup` wrote",
      fix: "name another; nothing was changed",
    },
    EXIT.usage,
  );
}
