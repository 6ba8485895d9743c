import { refuseWhileRestoring } from "../backup/interrupted.ts";
import type { Promoted, PromotionHost } from "../backup/promotion.ts";
import { confirmStack } from "../kit/ask.ts";
import { CliError, EXIT, reasonOf } from "../kit/exit.ts";
import { note, print, printJson, secondsSince } from "../kit/output.ts";
import type { CommonOptions, Project } from "../kit/project.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { refuseOtherPlace } from "../runtime/lock/hold.ts";
import { withLock } from "../runtime/lock/stack-lock.ts";
import { requireGood, verify, type Observer } from "../runtime/verify.ts";
import { SYSTEM as OPERATE_SYSTEM, type OperateSystem } from "./operate.ts";

export interface PromoteOptions extends CommonOptions {
  /** Goes on where the replica lacks log that the primary has. */
  readonly acceptLoss?: boolean;
  readonly confirm?: string;
}

/** What a promotion works with; a test gives others. */
export interface PromoteSystem extends Pick<OperateSystem, "loadProject" | "knownState" | "openBackupHost"> {
  readonly createRuntime: (project: Project) => Promise<Observer & Pick<Runtime, "require" | "guardPlace" | "lock">>;
  readonly openPromotionHost: (project: Project) => Promise<PromotionHost>;
}

const SYSTEM: PromoteSystem = {
  ...OPERATE_SYSTEM,
  createRuntime: async (project) => (await import("../runtime/create.ts")).createRuntime(project),
  openPromotionHost: async (project) => (await import("../backup/docker/promotion-host.ts")).openPromotionHost(project),
};

/** Time in which everything must be healthy afterwards. */
const VERIFY_TIMEOUT = 120_000;

/**
 * Puts the replica's data in the primary's place. At no moment do two servers
 * take writes: both are stopped while the data is copied, and the primary's
 * container goes on with it, so that names, settings and the next update are as before.
 */
export async function promote(options: PromoteOptions, system: PromoteSystem = SYSTEM): Promise<void> {
  const project = await system.loadProject(options);
  const { stack } = project;
  requireReplica(project);
  const runtime = await system.createRuntime(project);
  await runtime.require();
  await refuseOtherPlace(project, runtime, {}, system.knownState);
  await withLock([runtime.lock(project)], { stack, command: "promote" }, async () => {
    await refuseWhileRestoring(project, system.openBackupHost);
    const host = await system.openPromotionHost(project);
    await host.require();
    await confirmStack(
      "--confirm",
      stack,
      `This stops PostgreSQL of stack ${stack} and puts its replica's data in place of its own, which is kept beside it.`,
      options.confirm,
    );
    const start = performance.now();
    const promoted = await exchanged(project, host, options);
    const isThere = await host.start();
    const seconds = secondsSince(start);
    if (isThere)
      await requireGood(
        runtime,
        await verify(runtime, project.recording.result.inventory, VERIFY_TIMEOUT),
        "the promoted data is in place; fix that, then run: npm run up",
      );
    if (options.json === true) printJson({ stack, ...promoted, seconds });
    else print(said(project, promoted, seconds));
    if (!isThere) note("the primary's container is gone; make it with: npm run up");
  });
}

/** @throws CliError for a stack that has none */
function requireReplica({ stack, settings }: Project): void {
  if (settings.postgres.replica.enabled) return;
  throw new CliError(
    {
      got: `promote: got stack ${stack} without a replica`,
      allowed: "a stack with apprun:postgres.replica.enabled",
      fix: "nothing was changed; to bring data back take a backup set: npm run restore",
    },
    EXIT.usage,
  );
}

/** Both servers are stopped after it; where it fails they run again on the data that they had. */
async function exchanged(
  { stack }: Project,
  host: PromotionHost,
  { acceptLoss = false }: PromoteOptions,
): Promise<Promoted> {
  try {
    await host.stop();
    return await host.promote({ acceptLoss });
  } catch (error) {
    await host.start();
    throw new CliError(
      {
        happened: `stack ${stack}: the replica was not promoted; the old data is in place, unless it is said below where it is`,
        fix: "fix the cause below and run it again",
        output: reasonOf(error),
      },
      EXIT.failed,
      { cause: error },
    );
  }
}

function said({ stack }: Project, promoted: Promoted, seconds: number): string {
  const { timeline, lastCommit, aside } = promoted;
  return [
    `stack ${stack}: the replica's data is the primary's, on timeline ${timeline}; both servers were stopped for ${seconds} s`,
    lossOf(promoted),
    lastCommit === "" ? "" : `its last transaction is of ${lastCommit}`,
    aside === "" ? "" : `the old data is kept: npm run exec -- postgres --stack ${stack} -- rm -rf ${aside}`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function lossOf({ lostBytes }: Promoted): string {
  if (lostBytes === null)
    return "the old primary was not stopped in order: what it acknowledged in its last moments may be lost";
  return lostBytes === 0 ? "nothing is lost" : `lost: what is in the last ${lostBytes} bytes of the old primary's log`;
}
