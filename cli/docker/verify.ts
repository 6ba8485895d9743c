import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import type { Inventory } from "../../components/model/inventory.js";
import { isGood, lastLogLines, observe, type Observation } from "./observe.js";

/** Log lines shown of an instance that is not as it should be. */
const LOG_LINES = 15;
const PAUSE = 1000;

/**
 * Asks the engine itself for health until everything is good or the time is
 * up. The provider looks at health only while it creates a container, and a
 * refresh forgets that the look failed.
 */
export async function verify(docker: Docker, inventory: Inventory, timeoutMs: number): Promise<readonly Observation[]> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const observations = await observe(docker, inventory);
    if (observations.every(isGood) || Date.now() >= end || !observations.some(mayRecover)) return observations;
    await sleep(PAUSE);
  }
}

function mayRecover({ state }: Observation): boolean {
  return state === "starting" || state === "unhealthy" || state === "running" || state === "restarting";
}

/** What is wrong and the last log lines of each, ready to print; empty when all is good. */
export async function complaints(docker: Docker, observations: readonly Observation[]): Promise<string> {
  const bad = observations.filter((observation) => !isGood(observation));
  const parts = await Promise.all(
    bad.map(async ({ service, instance, state }) => {
      const lines = await lastLogLines(docker, instance, LOG_LINES);
      const log = lines.length === 0 ? "  it has no log" : ["  last lines of its log:", ...lines.map((line) => `    ${line}`)].join("\n");
      return `${service} (container ${instance}) is ${state}\n${log}`;
    }),
  );
  return parts.join("\n");
}
