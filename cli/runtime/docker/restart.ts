import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { CliError } from "../../kit/exit.ts";
import type { RestartOptions } from "../operations.ts";

const PAUSE = 500;

/**
 * Restarts one container after the other, each only when the one before is
 * healthy again: whatever answers for the service meanwhile is one that works.
 */
export async function restartContainers(
  docker: Docker,
  names: readonly string[],
  { timeoutMs, report }: RestartOptions,
): Promise<void> {
  for (const name of names) {
    report(`restarting container ${name}`);
    // With the grace that the container itself was made with.
    await docker.getContainer(name).restart();
    await healthy(docker, name, timeoutMs);
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
