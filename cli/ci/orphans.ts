import { pullRequestOf } from "../kit/pull-request.ts";

/** A stack of the backend. */
export interface KnownStack {
  readonly name: string;
  /** Milliseconds since the epoch. `@default -` it was never updated */
  readonly updated?: number | undefined;
}

export interface SweepLimits {
  /** Days after its last update at which the stack of an open pull request goes too. */
  readonly maxAge?: number | undefined;
  /** Most stacks of open pull requests; the ones updated longest ago go first. */
  readonly maxCount?: number | undefined;
}

export interface Orphan {
  readonly name: string;
  readonly reason: string;
}

const DAY = 86_400_000;

/** The stacks of pull requests that are to go. Only stacks named `pr-<n>` are ever among them. */
export function orphansOf(
  stacks: readonly KnownStack[],
  open: readonly number[],
  limits: SweepLimits,
  now: number,
): readonly Orphan[] {
  const orphans: Orphan[] = [];
  const kept: KnownStack[] = [];
  for (const stack of stacks) {
    const number = pullRequestOf(stack.name);
    if (number === undefined) continue;
    const days = Math.floor((now - (stack.updated ?? now)) / DAY);
    if (!open.includes(number)) orphans.push({ name: stack.name, reason: `pull request ${number} is not open` });
    else if (limits.maxAge !== undefined && days > limits.maxAge)
      orphans.push({ name: stack.name, reason: `it is ${days} days old, and ${limits.maxAge} are allowed` });
    else kept.push(stack);
  }
  const newestFirst = kept.sort((a, b) => (b.updated ?? 0) - (a.updated ?? 0));
  const surplus = limits.maxCount === undefined ? [] : newestFirst.slice(limits.maxCount);
  return [
    ...orphans,
    ...surplus.map(({ name }) => ({
      name,
      reason: `there are ${kept.length} stacks, and ${limits.maxCount ?? 0} are allowed`,
    })),
  ];
}
