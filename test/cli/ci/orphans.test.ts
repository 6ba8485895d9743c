import { describe, expect, it } from "vitest";
import { orphansOf, type KnownStack } from "../../../cli/ci/orphans.ts";

const NOW = Date.parse("2026-01-31T00:00:00Z");
const stack = (name: string, daysOld?: number): KnownStack => ({
  name,
  updated: daysOld === undefined ? undefined : NOW - daysOld * 86_400_000,
});
const names = (stacks: readonly KnownStack[], open: readonly number[], limits = {}) =>
  orphansOf(stacks, open, limits, NOW).map(({ name }) => name);

describe("the stacks that go", () => {
  it("are those without an open pull request, and never another environment", () => {
    const stacks = ["dev", "test", "staging", "prod", "pr-1", "pr-2", "pr-0", "pr-x", "pr-02", "my-pr-3"].map((name) =>
      stack(name, 400),
    );
    expect(orphansOf(stacks, [1], {}, NOW)).toEqual([{ name: "pr-2", reason: "pull request 2 is not open" }]);
  });

  it("are, with a limit of age, also old ones; one that was never updated is new", () => {
    const stacks = [stack("pr-1", 7), stack("pr-2", 8), stack("pr-3"), stack("prod", 400)];
    expect(orphansOf(stacks, [1, 2, 3], { maxAge: 7 }, NOW)).toEqual([
      { name: "pr-2", reason: "it is 8 days old, and 7 are allowed" },
    ]);
  });

  it("are, with a limit of number, also the oldest above it, counted without those that go anyway", () => {
    const stacks = [stack("pr-1", 3), stack("pr-2", 1), stack("pr-3", 2), stack("pr-4", 0)];
    expect(orphansOf(stacks, [1, 2, 3], { maxCount: 2 }, NOW)).toEqual([
      { name: "pr-4", reason: "pull request 4 is not open" },
      { name: "pr-1", reason: "there are 3 stacks, and 2 are allowed" },
    ]);
  });

  it("are none where all is as it may be", () => {
    expect(names([stack("pr-1", 1), stack("prod")], [1], { maxAge: 7, maxCount: 1 })).toEqual([]);
  });
});
