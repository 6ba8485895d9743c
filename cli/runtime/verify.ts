import { setTimeout as sleep } from "node:timers/promises";
import cliTruncate from "cli-truncate";
import type { Inventory } from "../../components/model/inventory.ts";
import { isTelling, plainLines, tellingLines } from "../engine/cause.ts";
import { CliError } from "../kit/exit.ts";
import { fitted, note } from "../kit/output.ts";
import { isGood, mayRecover, type Observation, type Runtime } from "./runtime.ts";

/** Log lines that are searched for those that say why an instance is not as it should be. */
const SEARCHED = 100;
/** Lines that are shown of them. */
const SHOWN = 6;
/** Lines that are shown of a job that failed: it wrote them for whoever reads them, a list of findings among them. */
const SHOWN_OF_JOB = 25;
const PAUSE = 1000;

/** What can say how an instance is. */
export type Observer = Pick<Runtime, "instanceName" | "observe" | "lastLogLines">;

/** What is wrong with an instance, and what it says itself. */
export interface Complaint {
  readonly service: string;
  readonly instance: string;
  /** In words that complete its name, such as `is unhealthy`. */
  readonly what: string;
  /** Lines of its log that say why. */
  readonly why: readonly string[];
}

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

/** @throws CliError that names the first that is not good, and why; the others and their logs are printed before it */
export async function requireGood(
  runtime: Observer,
  observations: readonly Observation[],
  fix = "fix that, then run: npm run up",
): Promise<void> {
  const bad = await complaints(runtime, observations);
  const [first] = bad;
  if (first === undefined) return;
  note(shown(bad, runtime));
  throw new CliError({
    happened: `${bad.length} of ${observations.length} are not healthy: ${inOneLine(first)}`,
    fix: observations.every((one) => isGood(one) || one.state === "recovering")
      ? "it reads its data back and comes by itself: see npm run status; nothing that runs is replaced for it"
      : fix,
  });
}

/** What is wrong with each that is not good. */
export async function complaints(
  runtime: Pick<Observer, "lastLogLines">,
  observations: readonly Observation[],
): Promise<readonly Complaint[]> {
  return Promise.all(
    observations
      .filter((observation) => !isGood(observation))
      .map(async ({ service, instance, state }) => ({
        service,
        instance,
        what: `is ${state}`,
        why: await (isFailedJob(state) ? lastLines(runtime, instance) : whyOf(runtime, instance)),
      })),
  );
}

/** The lines of an instance's log that say why it is as it is. */
export async function whyOf(runtime: Pick<Observer, "lastLogLines">, instance: string): Promise<readonly string[]> {
  return tellingLines(await runtime.lastLogLines(instance, SEARCHED), SHOWN);
}

const isFailedJob = (state: string): boolean => state.startsWith("failed (");

async function lastLines(runtime: Pick<Observer, "lastLogLines">, instance: string): Promise<readonly string[]> {
  return plainLines(await runtime.lastLogLines(instance, SHOWN_OF_JOB));
}

/** Complaints for people, as wide as the terminal. */
export function shown(complaints: readonly Complaint[], { instanceName }: Pick<Observer, "instanceName">): string {
  return complaints
    .flatMap(({ service, instance, what, why }) => [
      `${service} (${instanceName} ${instance}) ${what}`,
      ...(why.length === 0 ? ["  it has no log"] : ["  its log says:", ...why.map((line) => `    ${line}`)]),
    ])
    .map((line) => fitted(line, process.stderr))
    .join("\n");
}

/** Letters of a log line that a sentence has room for. */
const ROOM = 120;

/** A complaint with the last line that says why. */
export function inOneLine({ service, what, why }: Complaint): string {
  const last = why.filter(isTelling).at(-1)?.trim();
  return `${service} ${what}${last === undefined ? "" : `: ${cliTruncate(last, ROOM)}`}`;
}
