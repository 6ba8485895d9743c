import { describe, expect, it } from "vitest";
import { chooseSet, parseSets, setsOf } from "../../../cli/backup/sets.ts";
import { fitness } from "../../../cli/backup/show-sets.ts";

const [OLD, NEW] = ["a".repeat(64), "b".repeat(64)];
const SETS = parseSets(
  JSON.stringify([
    { id: NEW, hostname: "apprun/prod", tags: ["set=20261121T023000Z", "complete"] },
    { id: OLD, hostname: "apprun/prod", tags: ["set=20261120T023000Z", "complete"] },
    { id: "c".repeat(64), hostname: "laptop", tags: ["somebody-else"] },
  ]),
);

it("orders sets by their time, and leaves out what is none", () => {
  expect(SETS.map(({ set, snapshot, createdAt }) => [set, snapshot, createdAt.toISOString()])).toEqual([
    ["20261120T023000Z", OLD, "2026-11-20T02:30:00.000Z"],
    ["20261121T023000Z", NEW, "2026-11-21T02:30:00.000Z"],
  ]);
});

it.each([
  [{}, NEW],
  [{ set: "20261120T023000Z" }, OLD],
  [{ set: "aaaaaaaa" }, OLD],
  [{ time: "2026-11-21T02:29:59Z" }, OLD],
  [{ time: "2026-11-21T02:30:00Z" }, NEW],
])("%j chooses %s", (choice, snapshot) => {
  expect(chooseSet(SETS, choice).snapshot).toBe(snapshot);
});

it.each<[object, string]>([
  [
    { set: "20261119T000000Z" },
    '--set: got "20261119T000000Z"; allowed: a set of the repository: 20261120T023000Z, 20261121T023000Z; name one of them; nothing was changed',
  ],
  [
    { time: "yesterday" },
    '--time: got "yesterday"; allowed: a time such as 2026-11-21T02:30:00Z; write it so; nothing was changed',
  ],
  [
    { time: "2026-11-01T00:00:00Z" },
    "no complete set of 2026-11-01T00:00:00Z or before; allowed: a set of the repository: 20261120T023000Z, 20261121T023000Z; name one of them; nothing was changed",
  ],
])("%j is refused", (choice, message) => {
  expect(() => chooseSet(SETS, choice)).toThrow(message);
});

it("keeps the sets of different stacks apart", () => {
  const foreign = {
    set: "20261122T023000Z",
    snapshot: "d".repeat(64),
    createdAt: new Date("2026-11-22T02:30:00Z"),
    stack: "apprun/staging",
    without: [],
    proven: false,
  };
  expect(setsOf([...SETS, foreign], "apprun/prod")).toEqual(SETS);
  expect(setsOf([...SETS, foreign], "apprun/staging")).toEqual([foreign]);
  expect(setsOf([], "apprun/dev")).toEqual([]);
  expect(() => setsOf([...SETS, foreign], "apprun/dev")).toThrow(
    "the repository has no set of apprun/dev; it has sets of apprun/prod, apprun/staging; allowed: sets of the stack, or with --from those of another; name it with --from; nothing was changed",
  );
});

it("says what to do where there is no set", () => {
  expect(() => chooseSet([], {})).toThrow(
    "no complete set; allowed: a set of the repository: none; run: npm run backup; nothing was changed",
  );
});

describe("what a list says of sets", () => {
  const tags = (...more: string[]) => ({ id: NEW, hostname: "apprun/prod", tags: ["set=20261121T023000Z", ...more] });
  const HERE = { keyFingerprints: { cipher: ["aa", "bb"], cookie: "cc" }, proven: ["20261121T023000Z"] };
  const parsed = (...more: string[]) => parseSets(`${JSON.stringify([tags(...more)])}\n${JSON.stringify(HERE)}\n`)[0]!;

  it.each<[string, string[], string]>([
    ["one of an older version", ["complete"], "not known"],
    ["one that fits", ["complete", "postgres=17", "key=cipher:bb", "key=cookie:cc"], "yes"],
    ["one that lacks files", ["partial", "postgres=17", "without=app", "without=logs"], "no files of app, logs"],
    [
      "one of other keys",
      ["complete", "postgres=17", "key=cipher:aa+dd", "key=other:ee"],
      "key cipher is not here; key other is not here",
    ],
    ["one of a newer server", ["complete", "postgres=18"], "PostgreSQL 18 is newer"],
  ])("%s", (_what, more, expected) => {
    expect(fitness(parsed(...more), 17)).toBe(expected);
  });

  it("tells which one a drill has proven", () => {
    expect(parsed("complete").proven).toBe(true);
    expect(SETS.map(({ proven }) => proven)).toEqual([false, false]);
  });

  it("the newest complete set is chosen, and one without files for its databases only", () => {
    const old = { id: OLD, hostname: "apprun/prod", tags: ["set=20261120T023000Z", "complete"] };
    const sets = parseSets(JSON.stringify([tags("partial", "without=app"), old]));
    expect(chooseSet(sets, {}).snapshot).toBe(OLD);
    expect(chooseSet(sets, { databases: true }).snapshot).toBe(NEW);
    expect(() => chooseSet(sets, { set: "20261121T023000Z" })).toThrow(
      '--set: got "20261121T023000Z", which has no files of app; allowed: a complete set, or the databases of this one; add --databases, or name another; nothing was changed',
    );
  });
});
