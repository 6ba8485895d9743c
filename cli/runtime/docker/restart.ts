import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { CliError } from "../../kit/exit.ts";
import type { RestartOptions } from "../operations.ts";

const PAUSE = 500;

/** Label of a container that works on the volumes of servers that must not run meanwhile. */
export const EXCHANGES = "io.apprun.exchanges";

/**
 * Restarts one container after the other, each only when the one before is
 * healthy again: whatever answers for the service meanwhile is one that works.
 */
export async function restartContainers(
  docker: Docker,
  names: readonly string[],
  { timeoutMs, report }: RestartOptions,
): Promise<void> {
  await refuseUnderExchange(docker, names);
  for (const name of names) {
    report(`restarting container ${name}`);
    // With the grace that the container itself was made with.
    await docker.getContainer(name).restart();
    await healthy(docker, name, timeoutMs);
  }
}

/**
 * A promotion whose command line died goes on in its container.
 * @throws CliError while it does: the data would be copied or exchanged under a server that runs
 */
async function refuseUnderExchange(docker: Docker, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const { Mounts } = await docker.getContainer(name).inspect();
    const volume = Mounts.flatMap(({ Name }) => Name ?? []);
    if (volume.length === 0) continue;
    const [found] = await docker.listContainers({ filters: { label: [EXCHANGES], volume } });
    if (found === undefined) continue;
    throw new CliError({
      got: `container ${name}: container ${found.Names[0]?.slice(1) ?? found.Id} may still copy or exchange its data, for a command that is gone`,
      allowed: "a restart of a server whose data is its own",
      fix: "nothing was changed: run npm run promote again, or npm run up, which goes on with the data that is in place",
    });
  }
}

async function healthy(docker: Docker, name: string, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const { State, RestartCount } = await docker.getContainer(name).inspect();
    const state = State.Running ? (State.Health?.Status ?? "healthy") : `${State.Status} (${State.ExitCode})`;
    if (state === "healthy") return;
    // The engine sets the count to 0 when somebody restarts the container; more means that it ended by itself since.
    if (state !== "starting" || RestartCount > 0 || Date.now() >= end)
      throw new CliError({
        happened: `container ${name} is ${RestartCount > 0 ? "ending again and again" : state} after its restart`,
        fix: "the replicas after it were left alone; see why with: npm run logs",
      });
    await sleep(PAUSE);
  }
}
