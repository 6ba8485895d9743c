import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { backupBeforeChange } from "../backup/before-change.ts";
import { copyState } from "../backup/bucket/after-up.ts";
import type { BackupHost } from "../backup/host.ts";
import { refuseWhileRestoring } from "../backup/interrupted.ts";
import { openBackupHost } from "../backup/open.ts";
import { refuseDroppedData } from "../runtime/data-guard.ts";
import { confirmLoss } from "../runtime/lost-data.ts";
import { forgetData } from "../runtime/forget-data.ts";
import { takeData } from "../runtime/take-data.ts";
import { refuseOtherShards } from "../engine/history-shards.ts";
import { openStack } from "../engine/open.ts";
import { upgradeStep } from "../engine/postgres-major.ts";
import { pulumi } from "../engine/pulumi.ts";
import { repair } from "../runtime/repair.ts";
import { registryLogins } from "../engine/registry-logins.ts";
import { refuseRotation } from "../engine/rotation.ts";
import { knownState } from "../engine/read-stack.ts";
import { resourceName, stateOf } from "../engine/state.ts";
import { refuseIllegalSteps } from "../engine/version-steps.ts";
import { CliError, EXIT } from "../kit/exit.ts";
import { note } from "../kit/output.ts";
import { planOf } from "../kit/plan.ts";
import { refuseViolations } from "../kit/policies.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { createRuntime } from "../runtime/create.ts";
import { sayUnfitIdentities } from "../runtime/identity-fit.ts";
import type { oldMajors } from "../runtime/docker/old-majors.ts";
import { refuseOtherPlace } from "../runtime/lock/hold.ts";
import { withLock } from "../runtime/lock/stack-lock.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { update } from "../runtime/update.ts";
import { requireGood, verify } from "../runtime/verify.ts";
import { printPlan } from "./plan.ts";
import { showServices } from "./status.ts";

export interface UpOptions extends CommonOptions {
  readonly skipBackup?: boolean;
  readonly removeOld?: boolean;
  readonly forgetData?: boolean;
  readonly takeData?: boolean;
  readonly dataIsLost?: boolean;
  readonly confirm?: string;
}

/** Time in which everything must be healthy once the engine is done. */
const VERIFY_TIMEOUT = 60_000;

/** The part of the engine's stack that an update works with. */
export type UpdatedStack = Pick<Stack, "name" | "workspace" | "exportStack" | "importStack" | "up" | "getConfig">;

/** What an update works with; a test gives others. */
export interface UpSystem {
  readonly loadProject: (options: CommonOptions) => Promise<Project>;
  readonly createRuntime: (project: Project) => Promise<Runtime>;
  readonly knownState: typeof knownState;
  readonly openStack: (project: Project) => Promise<UpdatedStack>;
  readonly openBackupHost: (project: Project) => Promise<Pick<BackupHost, "run" | "marks">>;
  /** The engine's own command, on a stack. */
  readonly pulumi: (stack: UpdatedStack, args: readonly string[]) => Promise<void>;
  /** Volumes of older majors; see there. */
  readonly oldMajors: typeof oldMajors;
  /** Whether an interrupted upgrade has closed the old server; see there. */
  readonly isClosedForUpgrade: (project: Project) => Promise<boolean>;
  readonly copyState: typeof copyState;
  readonly sayUnfitIdentities: (project: Project, runtime: Pick<Runtime, "operations">) => Promise<void>;
}

const SYSTEM: UpSystem = {
  loadProject,
  createRuntime: (project) => createRuntime(project, openStack),
  knownState,
  openStack,
  openBackupHost,
  pulumi,
  copyState,
  isClosedForUpgrade: async (project) =>
    (await import("../runtime/docker/closed-server.ts")).isClosedForUpgrade(project),
  sayUnfitIdentities: (project, { operations }) => sayUnfitIdentities(project, operations),
  oldMajors: async (...args) => (await import("../runtime/docker/old-majors.ts")).oldMajors(...args),
};

/**
 * Deploys a stack: looks at the host, applies, and then asks the runtime itself
 * for health, which decides the exit code.
 */
export async function up(options: UpOptions, system: UpSystem = SYSTEM): Promise<void> {
  const project = await system.loadProject(options);
  refuseViolations(project);
  const runtime = await system.createRuntime(project);
  try {
    await refuseOtherPlace(project, runtime, options, system.knownState);
    await runtime.preflight(project);
    await withLock([runtime.lock(project)], { stack: project.stack, command: "up", interrupt: "waits" }, () =>
      deploy(system, project, runtime, options),
    );
  } catch (error) {
    if (error instanceof CliError && error.exitCode === EXIT.noEngine && options.json !== true)
      printPlan(planOf(project));
    throw error;
  }
}

async function deploy(system: UpSystem, project: Project, runtime: Runtime, options: UpOptions): Promise<void> {
  await apply(system, project, runtime, options);
  const copyFailed = await system.copyState(project);
  const observations = await verify(runtime, project.recording.result.inventory, VERIFY_TIMEOUT);
  showServices(project, observations, options.json === true);
  await requireGood(runtime, observations);
  if (copyFailed !== undefined) throw copyFailed;
}

async function apply(
  system: UpSystem,
  project: Project,
  runtime: Runtime,
  { skipBackup = false, confirm, ...options }: UpOptions,
): Promise<void> {
  await refuseWhileRestoring(project, system.openBackupHost);
  const stack = await system.openStack(project);
  const exported = await stack.exportStack();
  const state = stateOf(exported);
  const upgrade = upgradeStep(project, state);
  if (upgrade !== undefined && skipBackup)
    throw new CliError(
      {
        got: `--skip-backup: got it with an upgrade of PostgreSQL ${upgrade.from} to ${upgrade.to}`,
        allowed: "an upgrade with a fresh backup",
        fix: "leave it out",
      },
      EXIT.usage,
    );
  refuseIllegalSteps(project, state);
  refuseRotation(project, state);
  refuseOtherShards(project, state);
  const old = options.removeOld === true ? await system.oldMajors(project, state, confirm) : undefined;
  const forgotten = options.forgetData === true ? await forgetData(project, state, runtime, confirm) : undefined;
  const released = [...(old?.urns ?? []), ...(forgotten?.urns ?? [])];
  refuseDroppedData(project, state, released);
  const taken = options.takeData === true ? await takeData(project, state, runtime, confirm) : undefined;
  await confirmLoss(project.stack, options, confirm);
  await system.sayUnfitIdentities(project, runtime);
  const replace = await repair(stack, runtime, project, exported, options, () =>
    runtime.prepareImages(project, (hosts) => registryLogins(project, stack, hosts)),
  );
  if (upgrade !== undefined && (await system.isClosedForUpgrade(project)))
    note(
      `an upgrade of PostgreSQL ${upgrade.from} was interrupted after it had closed the server: its backup is from before, and nothing was written since`,
    );
  else if (!skipBackup) await backupBeforeChange(project, state, upgrade && ["postgres"], system.openBackupHost);
  if (upgrade !== undefined)
    note(
      `upgrading PostgreSQL ${upgrade.from} to ${upgrade.to}: the services can read, and cannot write until the new server runs`,
    );
  if (released.length > 0) await system.pulumi(stack, ["state", "unprotect", ...released, "--yes"]);
  for (const urn of replace) note(`replacing ${resourceName(urn)}: it is not healthy`);
  try {
    await update({
      stack,
      runtime,
      project,
      replace,
      verbose: options.verbose === true,
      json: options.json === true,
    });
  } catch (error) {
    // What it made before it failed only the state knows, new secrets among it.
    const copyFailed = await system.copyState(project);
    if (copyFailed !== undefined) note(copyFailed.message);
    throw error;
  }
  await old?.remove();
  forgotten?.report();
  taken?.report();
}
