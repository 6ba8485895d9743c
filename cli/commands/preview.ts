import { refuseWhileRestoring } from "../backup/interrupted.ts";
import { openStack } from "../engine/open.ts";
import { upgradeStep } from "../engine/postgres-major.ts";
import { engineOutput } from "../engine/progress.ts";
import { refuseRotation } from "../engine/rotation.ts";
import { stateOf } from "../engine/state.ts";
import { refuseIllegalSteps } from "../engine/version-steps.ts";
import { CliError } from "../kit/exit.ts";
import { note, printJson } from "../kit/output.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { createRuntime } from "../runtime/create.ts";
import { noteWhoHolds } from "../runtime/lock/hold.ts";
import type { GuardOptions, Runtime } from "../runtime/runtime.ts";

export type PreviewOptions = CommonOptions & GuardOptions;

/** Shows what the engine would change. Where nothing answers it compares with the state alone, and says so. */
export async function preview(options: PreviewOptions): Promise<void> {
  const project = await loadProject(options);
  const runtime = await createRuntime(project, openStack);
  const unreachable = await whyUnreachable(runtime, project);
  await noteWhoHolds(project);
  // The project asks for a refresh, which only what answers can give.
  const stack = await openStack(project, unreachable === undefined ? {} : { PULUMI_OPTION_REFRESH: "false" });
  if (unreachable === undefined) await refuseWhileRestoring(project);
  const state = stateOf(await stack.exportStack());
  upgradeStep(project, state);
  refuseIllegalSteps(project, state);
  refuseRotation(project, state);
  if (unreachable === undefined) await runtime.guard(project, state, options);
  const { changeSummary } = await stack.preview({ diff: true, ...engineOutput() });
  if (unreachable !== undefined)
    note(
      `${unreachable}\nthis preview compared the program with the state; not checked: what really runs, and whether the cluster would take the objects`,
    );
  if (options.json === true)
    printJson({ stack: options.stack, changes: changeSummary, checkedAgainstCluster: unreachable === undefined });
}

/** A cluster need not answer for a preview; an engine that makes containers must. */
async function whyUnreachable(runtime: Runtime, { settings }: Project): Promise<string | undefined> {
  try {
    await runtime.require();
    return undefined;
  } catch (error) {
    if (settings.platform !== "kubernetes" || !(error instanceof CliError)) throw error;
    return error.message.replace("nothing was deployed: ", "");
  }
}
