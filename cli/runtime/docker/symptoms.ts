import type Docker from "dockerode";
import type { InventoryWorkload } from "../../../components/model/inventory.ts";
import { seconds } from "../../../components/model/units.ts";
import type { Symptom } from "../watch.ts";

/** Time in which a container that ended once may still become healthy: less than the ten seconds that a failure may stay unseen. */
const SECOND_CHANCE = 7000;
/** Restarts that leave no hope. */
const HOPELESS = 3;
/** Time that any service may take, in seconds; whoever gives one more says that its start is slow. */
const USUAL = 180;

/** What speaks against the start of these containers. */
export async function symptoms(
  docker: Docker,
  workloads: readonly InventoryWorkload[],
  starting: readonly string[],
): Promise<readonly Symptom[]> {
  const looked = workloads
    .filter(({ kind }) => kind === "workload")
    .flatMap((workload) =>
      workload.instances
        .filter((instance) => starting.includes(instance))
        .map(async (instance) => symptomOf(workload, instance, await inspected(docker, instance))),
    );
  return (await Promise.all(looked)).filter((symptom) => symptom !== undefined);
}

/** The part of what the engine says of a container that its health is read from. */
export interface Inspected {
  readonly RestartCount: number;
  readonly State: Pick<Docker.ContainerInspectInfo["State"], "Status" | "ExitCode" | "OOMKilled"> & {
    readonly Health?: { readonly Status: string; readonly Log?: readonly { readonly Output: string }[] } | undefined;
  };
}

/** What speaks against the start of one container. */
export function symptomOf(
  { tier, readyTimeout = "180s" }: Pick<InventoryWorkload, "tier" | "readyTimeout">,
  instance: string,
  container: Inspected | undefined,
): Symptom | undefined {
  if (container === undefined) return undefined;
  const { RestartCount: restarts, State } = container;
  // A container that runs again has forgotten the code with which it ended.
  const code = State.Status === "running" ? "" : ` (exit code ${State.ExitCode})`;
  const ended = `${State.OOMKilled ? "needs more memory than its limit" : "ends"}${code}`;
  if (State.Status === "exited" || State.Status === "dead" || restarts > 0)
    return {
      instance,
      what: restarts > 0 ? `${ended} again and again` : ended,
      graceMs: restarts >= HOPELESS ? 0 : SECOND_CHANCE,
    };
  // A database that replays its log after a crash fails its probe for as long as that takes.
  if (State.Health?.Status !== "unhealthy" || tier === "data" || seconds(readyTimeout) > USUAL) return undefined;
  const said = State.Health.Log?.at(-1)?.Output.trim().split("\n").at(-1) ?? "";
  return { instance, what: `is unhealthy${said === "" ? "" : `, its probe says: ${said}`}`, graceMs: 1000 };
}

async function inspected(docker: Docker, instance: string): Promise<Inspected | undefined> {
  try {
    return await docker.getContainer(instance).inspect();
  } catch (error) {
    // The engine is still making it, or somebody removed it.
    if ((error as { statusCode?: number }).statusCode === 404) return undefined;
    throw error;
  }
}

/** Stops a container with its own grace, and removes it; named volumes stay. */
export async function removeFailed(docker: Docker, instance: string): Promise<void> {
  const container = docker.getContainer(instance);
  await container.stop().catch(() => undefined);
  await container.remove({ force: true, v: true });
}
