import { backupBeforeChange } from "../backup/before-change.js";
import { refuseInterruptedRestore } from "../backup/interrupted.js";
import { refuseDroppedData } from "../engine/data-guard.js";
import { forgetData } from "../engine/forget-data.js";
import { openStack } from "../engine/open.js";
import { upgradeStep } from "../engine/postgres-major.js";
import { engineOutput } from "../engine/progress.js";
import { pulumi } from "../engine/pulumi.js";
import { repair } from "../engine/repair.js";
import { refuseRotation } from "../engine/rotation.js";
import { resourceName, stateOf } from "../engine/state.js";
import { refuseIllegalSteps } from "../engine/version-steps.js";
import { CliError, EXIT, reasonOf } from "../exit.js";
import { note } from "../output.js";
import { planOf } from "../plan.js";
import { refuseViolations } from "../policies.js";
import { loadProject, type CommonOptions, type Project } from "../project.js";
import { createRuntime } from "../runtime/create.js";
import type { Runtime } from "../runtime/runtime.js";
import { complaints, requireGood, verify } from "../runtime/verify.js";
import { printPlan } from "./plan.js";
import { showServices } from "./status.js";

export interface UpOptions extends CommonOptions {
  readonly skipBackup?: boolean;
  readonly removeOld?: boolean;
  readonly forgetData?: boolean;
  readonly confirm?: string;
}

/** Time in which everything must be healthy once the engine is done. */
const VERIFY_TIMEOUT = 60_000;

/**
 * Deploys a stack: looks at the host, applies, and then asks the runtime itself
 * for health, which decides the exit code.
 */
export async function up(options: UpOptions): Promise<void> {
  const project = await loadProject(options);
  refuseViolations(project);
  const runtime = await createRuntime(project);
  try {
    await runtime.preflight(project);
    await apply(project, runtime, options);
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT.noEngine && options.json !== true) printPlan(planOf(project));
    throw error;
  }
  const observations = await verify(runtime, project.recording.result.inventory, VERIFY_TIMEOUT);
  showServices(project, observations, options.json === true);
  await requireGood(runtime, observations);
}

async function apply(project: Project, runtime: Runtime, { skipBackup = false, removeOld = false, confirm, ...options }: UpOptions): Promise<void> {
  refuseInterruptedRestore(project);
  const stack = await openStack(project);
  const exported = await stack.exportStack();
  const state = stateOf(exported);
  const upgrade = upgradeStep(project, state);
  if (upgrade !== undefined && skipBackup)
    throw new CliError(
      `--skip-backup: got it with an upgrade of PostgreSQL ${upgrade.from} to ${upgrade.to}; allowed: an upgrade with a fresh backup; leave it out`,
      EXIT.usage,
    );
  refuseIllegalSteps(project, state);
  refuseRotation(project, state);
  const old = removeOld ? await (await import("../docker/old-majors.js")).oldMajors(project, state, confirm) : undefined;
  const forgotten = options.forgetData === true ? await forgetData(project, state, runtime, confirm) : undefined;
  const released = [...(old?.urns ?? []), ...(forgotten?.urns ?? [])];
  refuseDroppedData(project, state, released);
  const replace = await repair(stack, runtime, project, exported);
  if (!skipBackup) await backupBeforeChange(project, state, upgrade && ["postgres"]);
  if (upgrade !== undefined) note(`upgrading PostgreSQL ${upgrade.from} to ${upgrade.to}: the services can read, and cannot write until the new server runs`);
  if (released.length > 0) await pulumi(stack, ["state", "unprotect", ...released, "--yes"]);
  for (const urn of replace) note(`replacing ${resourceName(urn)}: it is not healthy`);
  try {
    await stack.up({ ...engineOutput(), replace: [...replace] });
  } catch (error) {
    throw new CliError(`the update failed; what runs was left as it is\n${await whatIsWrong(runtime, project)}\n${firstLine(error)}`);
  }
  await old?.remove();
  forgotten?.report();
}

/** What runs but is not as it should be; the runtime may be the one that went. */
async function whatIsWrong(runtime: Runtime, { recording }: Project): Promise<string> {
  try {
    const observations = await runtime.observe(recording.result.inventory);
    return await complaints(
      runtime,
      observations.filter(({ state }) => state !== "missing"),
    );
  } catch (error) {
    return `the runtime does not answer: ${firstLine(error)}`;
  }
}

/** The engine's own words stand above; its error repeats all of them. */
function firstLine(error: unknown): string {
  return reasonOf(error).split("\n")[0] ?? "";
}
