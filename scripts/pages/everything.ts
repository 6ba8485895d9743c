import type { Recording } from "../../cli/kit/record.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { recordEverything, TARGETS, type Target } from "../../test/everything.ts";

/** On which targets something is, in words. */
export function targets(on: readonly Target[]): string {
  return TARGETS.every((target) => on.includes(target)) ? "both" : on.map((target) => WORDS[target]).join(", ");
}

const WORDS: Readonly<Record<Target, string>> = { docker: "Docker host", kubernetes: "Kubernetes" };

/** What a stack with everything on has by name, and on which targets. The first target that has it says what it is. */
export async function named<Fact>(
  factsOf: (recording: Recording<Stack>, target: Target) => Iterable<readonly [string, Fact]>,
) {
  const all = new Map<string, { readonly fact: Fact; readonly on: Target[] }>();
  for (const target of TARGETS)
    for (const [name, fact] of factsOf(await recordEverything(target), target)) {
      const { on } = all.get(name) ?? { on: [] };
      all.set(name, { fact: all.get(name)?.fact ?? fact, on: [...on, target] });
    }
  return [...all]
    .map(([name, { fact, on }]) => ({ name, fact, on: targets(on) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
