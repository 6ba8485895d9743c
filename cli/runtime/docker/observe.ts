import type Docker from "dockerode";
import type { StackIdentity } from "../../../components/model/identity.ts";
import { LABELS, qualifiedName } from "../../../components/model/identity.ts";
import type { Inventory, InventoryWorkload } from "../../../components/model/inventory.ts";
import type { InstanceState, Observation } from "../runtime.ts";

/** The label filter that finds everything of a stack, whatever the state file says. */
export function stackFilter(identity: StackIdentity): { label: string[] } {
  return { label: [`${LABELS.stack}=${qualifiedName(identity)}`] };
}

/** Every instance that the model asks for, as the engine reports it now. */
export async function observe(docker: Docker, inventory: Inventory): Promise<readonly Observation[]> {
  const instances = inventory.workloads.flatMap((workload) =>
    workload.instances.map((instance) => ({ workload, instance })),
  );
  return Promise.all(
    instances.map(async ({ workload, instance }) => {
      const { name: service, kind, tier } = workload;
      return { service, kind, ...(tier && { tier }), instance, state: await stateOf(docker, workload, instance) };
    }),
  );
}

async function stateOf(
  docker: Docker,
  { kind, recovering }: Pick<InventoryWorkload, "kind" | "recovering">,
  instance: string,
): Promise<InstanceState> {
  try {
    const { State } = await docker.getContainer(instance).inspect();
    if (kind === "job") return jobState(State);
    if (!State.Running) return `${State.Status} (${State.ExitCode})`;
    return isRecovering(State.Health, recovering) ? "recovering" : (State.Health?.Status ?? "running");
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return "missing";
    throw error;
  }
}

/** A probe that fails and says by its exit code why. */
function isRecovering(health: Docker.ContainerInspectInfo["State"]["Health"], code: number | undefined): boolean {
  return code !== undefined && health?.Status === "unhealthy" && health.Log.at(-1)?.ExitCode === code;
}

function jobState({ Running, Status, ExitCode }: Docker.ContainerInspectInfo["State"]): InstanceState {
  if (Running) return "running";
  if (Status !== "exited") return Status;
  return ExitCode === 0 ? "done" : `failed (${ExitCode})`;
}

/** The last lines that an instance wrote. */
export async function lastLogLines(docker: Docker, instance: string, lines: number): Promise<readonly string[]> {
  try {
    const stream = await docker.getContainer(instance).logs({ stdout: true, stderr: true, tail: lines });
    return demultiplexed(stream)
      .split("\n")
      .filter((line) => line.trim() !== "");
  } catch {
    return [];
  }
}

/** Output and errors come in frames of eight bytes of header, of which the last four are the length. */
function demultiplexed(stream: Buffer): string {
  let text = "";
  for (let at = 0; at + 8 <= stream.length;) {
    const length = stream.readUInt32BE(at + 4);
    text += stream.subarray(at + 8, at + 8 + length).toString("utf8");
    at += 8 + length;
  }
  return text;
}
