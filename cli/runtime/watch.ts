import { setTimeout as sleep } from "node:timers/promises";

/** What speaks against the start of an instance. */
export interface Symptom {
  readonly instance: string;
  /** In words that complete "the container … ", such as `is unhealthy`. */
  readonly what: string;
  /** Time for which it has to be seen; a start that gets over it meanwhile goes on. */
  readonly graceMs: number;
}

const PAUSE = 1000;

/** Says which symptoms have been there for their time. */
export class Watch {
  readonly #first = new Map<string, number>();

  /** Takes one look in; a symptom that is gone is forgotten. */
  look(symptoms: readonly Symptom[], now: number): readonly Symptom[] {
    const there = new Set(symptoms.map(({ instance }) => instance));
    for (const instance of this.#first.keys()) if (!there.has(instance)) this.#first.delete(instance);
    return symptoms.filter(({ instance, graceMs }) => {
      const first = this.#first.get(instance) ?? now;
      this.#first.set(instance, first);
      return now - first >= graceMs;
    });
  }
}

/**
 * Looks at what the engine is starting until the signal, and hands over each
 * instance whose start has failed, once. The engine itself would wait for its
 * whole time-out.
 */
export async function watchStarts(
  symptomsOf: () => Promise<readonly Symptom[]>,
  failed: (symptom: Symptom) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const watch = new Watch();
  const told = new Set<string>();
  while (!signal.aborted) {
    // A runtime that does not answer for a moment is no reason to end an update.
    const symptoms = await symptomsOf().catch(() => []);
    for (const symptom of watch.look(symptoms, performance.now())) {
      if (told.has(symptom.instance)) continue;
      told.add(symptom.instance);
      await failed(symptom);
    }
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
  }
}
