import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { confirmStack } from "../kit/ask.ts";
import { clearDeadLock } from "../engine/lock.ts";
import { openStack } from "../engine/open.ts";
import { readStack } from "../engine/read-stack.ts";
import { exportEncrypted, importEncrypted, type ExportedState } from "../engine/state-file.ts";
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
  readonly exported: ExportedState;
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
  const exported = await exportEncrypted(stack);
  const count = exported.deployment?.resources?.length ?? 0;
  if (count === 0)
    throw new CliError({
      got: `stack ${options.stack}: its state is empty`,
      allowed: "a stack that is or was up",
      fix: "run: npm run up; nothing was written",
    });
  const file: StateFile = { project: project.settings.identity.project, stack: options.stack, exported };
  const partial = `${path}.part`;
  try {
    writePrivate(partial, `${JSON.stringify(file)}\n`);
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
  if (options.json === true) printJson({ file: path, resources: count });
  else print(`${path}: ${count} resources; its secrets are encrypted: keep the passphrase apart from it`);
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

/** Puts an export in the place of the stack's state. */
export async function replaceState(
  project: Project,
  exported: ExportedState,
  { stack: name, confirm }: Pick<StateRestoreOptions, "stack" | "confirm">,
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
  await importEncrypted(stack, exported);
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
