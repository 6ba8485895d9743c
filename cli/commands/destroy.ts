import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { refuseWhileRestoring } from "../backup/interrupted.ts";
import { confirmStack } from "../kit/ask.ts";
import { openStack } from "../engine/open.ts";
import { engineOutput } from "../engine/progress.ts";
import { pulumi } from "../engine/pulumi.ts";
import { confirmLoss } from "../runtime/lost-data.ts";
import { repair } from "../runtime/repair.ts";
import { stateOf } from "../engine/state.ts";
import { note, printJson } from "../kit/output.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { createRuntime } from "../runtime/create.ts";
import { refuseOtherPlace } from "../runtime/lock/hold.ts";
import { withLock } from "../runtime/lock/stack-lock.ts";
import type { Runtime } from "../runtime/runtime.ts";

export interface DestroyOptions extends CommonOptions {
  readonly removeData?: boolean;
  readonly keepBackups?: boolean;
  readonly dataIsLost?: boolean;
  readonly confirm?: string;
}

/** Removes a stack; data volumes and the secrets that belong to them stay, unless their removal is confirmed. */
export async function destroy(options: DestroyOptions): Promise<void> {
  const project = await loadProject(options);
  const runtime = await createRuntime(project, openStack);
  await runtime.require();
  await refuseOtherPlace(project, runtime, options);
  if (options.removeData === true)
    await confirmStack(
      "--remove-data",
      options.stack,
      `This deletes the data of stack ${options.stack} for ever.`,
      options.confirm,
    );
  await confirmLoss(options.stack, options, options.confirm);
  await withLock([runtime.lock(project)], { stack: options.stack, command: "destroy", interrupt: "waits" }, () =>
    remove(project, runtime, options),
  );
  if (options.json === true) printJson({ stack: options.stack, dataRemoved: options.removeData === true });
}

async function remove(project: Project, runtime: Runtime, options: DestroyOptions): Promise<void> {
  // Nobody could tell afterwards which data counts; with all of it gone nobody has to.
  if (options.removeData !== true) await refuseWhileRestoring(project);
  const stack = await openStack(project);
  await repair(stack, runtime, project, await stack.exportStack(), options);
  if (options.removeData === true) {
    await pulumi(stack, ["state", "unprotect", "--all", "--yes"]);
    const kept = options.keepBackups === true ? ["backups"] : [];
    note(`removed ${await runtime.removeData(project, kept, () => stack.destroy(engineOutput()))} data volumes`);
    if (kept.length > 0)
      note("the local backup repository is kept; only the state that made it has its password: see `npm run state`");
  } else {
    const onServer = await releaseDatabases(stack);
    await stack.destroy({ ...engineOutput(), exclude: [...(await keptUrns(stack, runtime, project))] });
    note("data volumes and their secrets are kept; `npm run up` finds them again");
    if (onServer > 0)
      note(
        'databases and roles stay on the server; for the next `npm run up` set apprun:postgres.external.adopt to ["*"]',
      );
  }
}

/** Lets the engine forget databases that it made on a managed server, where they stay. */
async function releaseDatabases(stack: Stack): Promise<number> {
  const { resources = [] } = stateOf(await stack.exportStack());
  const databases = resources.filter(({ type }) => type === "postgresql:index/database:Database");
  for (const { urn, protect } of databases)
    if (protect === true) await pulumi(stack, ["state", "unprotect", urn, "--yes"]);
  return databases.length;
}

/** Volumes of class data, and every secret: a volume remembers passwords, and data is encrypted with keys. */
async function keptUrns(stack: Stack, runtime: Runtime, project: Project): Promise<readonly string[]> {
  const { resources = [] } = stateOf(await stack.exportStack());
  return resources
    .filter((resource) => resource.type.startsWith("random:") || runtime.keeps(resource, project))
    .map(({ urn }) => urn);
}
