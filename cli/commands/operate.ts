import type { InventoryWorkload } from "../../components/model/inventory.ts";
import type { BackupHost } from "../backup/host.ts";
import { openBackupHost } from "../backup/open.ts";
import { knownState } from "../engine/read-stack.ts";
import { CliError } from "../kit/exit.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { createRuntime } from "../runtime/create.ts";
import { refuseOtherPlace } from "../runtime/lock/hold.ts";
import type { Operations, Replica } from "../runtime/operations.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** What the commands on running services work with; a test gives others. */
export interface OperateSystem {
  readonly loadProject: (options: CommonOptions) => Promise<Project>;
  readonly createRuntime: (
    project: Project,
  ) => Promise<Pick<Runtime, "require" | "guardPlace" | "operations" | "lock">>;
  readonly knownState: typeof knownState;
  readonly openBackupHost: (project: Project) => Promise<Pick<BackupHost, "marks">>;
}

export const SYSTEM: OperateSystem = { loadProject, createRuntime, knownState, openBackupHost };

/** What runs a project's stack, once it answers. */
export async function operationsOf(project: Project, { createRuntime: create }: OperateSystem): Promise<Operations> {
  const runtime = await create(project);
  await runtime.require();
  return runtime.operations;
}

/** The same for a command that can change what runs: it begins at the place of the state, and nowhere else. */
export async function ownOperationsOf(project: Project, system: OperateSystem): Promise<Operations> {
  const runtime = await system.createRuntime(project);
  await runtime.require();
  await refuseOtherPlace(project, runtime, {}, system.knownState);
  return runtime.operations;
}

/**
 * The replica to run a command in: the one that was named, else the first that runs.
 * @throws CliError when there is none
 */
export async function runningReplica(
  operations: Operations,
  workload: InventoryWorkload,
  wanted?: string,
): Promise<Replica> {
  const replicas = (await operations.replicas(workload)).filter((replica) => replica.running);
  const found =
    wanted === undefined ? replicas[0] : replicas.find(({ name }) => name === wanted || name.endsWith(`-${wanted}`));
  if (found !== undefined) return found;
  throw new CliError({
    got: `${workload.name}: ${wanted === undefined ? "no replica runs" : `no replica ${wanted} runs`}`,
    allowed: replicas.map(({ name }) => name).join(", ") || "a service that runs",
    fix: replicas.length === 0 ? "run: npm run up" : "name one of them",
  });
}

/** A replica's name without what all of the stack begin with. */
export function shortName({ settings }: Pick<Project, "settings">, name: string): string {
  const { project, stack } = settings.identity;
  const prefix = `${project}-${stack}-`;
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}
