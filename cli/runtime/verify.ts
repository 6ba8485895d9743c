import { setTimeout as sleep } from "node:timers/promises";
import type { Inventory } from "../../components/model/inventory.ts";
import { CliError } from "../kit/exit.ts";
import { isGood, mayRecover, type Observation, type Runtime } from "./runtime.ts";

/** Log lines shown of an instance that is not as it should be. */
const LOG_LINES = 15;
const PAUSE = 1000;

/** What can say how an instance is. */
export type Observer = Pick<Runtime, "instanceName" | "observe" | "lastLogLines">;

/**
 * Asks the runtime itself for health until everything is good or the time is
 * up. The providers look at health only while they create or update, and a
 * refresh forgets that the look failed.
 */
export async function verify(
  runtime: Pick<Runtime, "observe">,
  inventory: Inventory,
  timeoutMs: number,
): Promise<readonly Observation[]> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const observations = await runtime.observe(inventory);
    if (observations.every(isGood) || Date.now() >= end || !observations.some(mayRecover)) return observations;
    await sleep(PAUSE);
  }
}

/** @throws CliError that says what is wrong and shows the last log lines of each, unless all is good */
export async function requireGood(
  runtime: Observer,
  observations: readonly Observation[],
  fix = "fix what the logs show, then run: npm run up",
): Promise<void> {
  const bad = observations.filter((observation) => !isGood(observation));
  if (bad.length === 0) return;
  throw new CliError({
    happened: `${bad.length} of ${observations.length} are not healthy`,
    fix: bad.every(({ state }) => state === "recovering")
      ? "it reads its data back and comes by itself: see npm run status; nothing that runs is replaced for it"
      : fix,
    output: await complaints(runtime, bad),
  });
}

/** What is wrong and the last log lines of each, ready to print; empty when all is good. */
export async function complaints(runtime: Observer, observations: readonly Observation[]): Promise<string> {
  const bad = observations.filter((observation) => !isGood(observation));
  const parts = await Promise.all(
    bad.map(async ({ service, instance, state }) => {
      const lines = await runtime.lastLogLines(instance, LOG_LINES);
      const log =
        lines.length === 0
          ? "  it has no log"
          : ["  last lines of its log:", ...lines.map((line) => `    ${line}`)].join("\n");
      return `${service} (${runtime.instanceName} ${instance}) is ${state}\n${log}`;
    }),
  );
  return parts.join("\n");
}
