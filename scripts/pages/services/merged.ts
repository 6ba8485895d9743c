import { targets } from "../everything.ts";
import { allFacts, type TargetFacts } from "./facts.ts";
import type { Target } from "../../../test/everything.ts";

/** Something that a service has, with the targets that have it. */
export interface On<Fact> {
  readonly fact: Fact;
  /** In words; empty where both have it. */
  readonly only: string;
}

/** What `of` finds on each target, each fact once, in the order in which they were found. */
export async function onTargets<Fact>(of: (facts: TargetFacts) => readonly Fact[]): Promise<readonly On<Fact>[]> {
  const all = await allFacts();
  const found = new Map<string, { readonly fact: Fact; readonly on: Target[] }>();
  for (const facts of all)
    for (const fact of of(facts)) {
      const key = JSON.stringify(fact);
      found.set(key, { fact, on: [...(found.get(key)?.on ?? []), facts.target] });
    }
  return [...found.values()].map(({ fact, on }) => ({
    fact,
    only: on.length === all.length ? "" : `${targets(on)} only`,
  }));
}

/** The same as words behind a fact. */
export const suffix = (only: string) => (only === "" ? "" : ` (${only})`);
