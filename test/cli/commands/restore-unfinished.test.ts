import { describe, expect, it } from "vitest";
import type { RestorePhase } from "../../../cli/backup/interrupted.ts";
import { NEW, OLD, run } from "../../support/fakes/restore-world.ts";

describe("restore --undo", () => {
  const DONE = ["open restore", "stop consumers", "undo", "start consumers", "close", "observe"];

  it.each<[string, RestorePhase | undefined]>([
    ["a restore that was interrupted", "swapping"],
    ["one that is in place", "in place"],
    ["one that another clone ran", undefined],
  ])("puts the old data back after %s, then starts what uses it and asks for health", async (_, unfinished) => {
    const { log, code, left, opened } = await run({ options: { undo: true }, ...(unfinished && { unfinished }) });
    expect({ log, code, left }).toEqual({ log: DONE, code: 0, left: undefined });
    expect(opened).toEqual({ administratorPassword: "of postgres", takeOver: true });
  });

  it("asks for the stack's name where services have written since, and only there", async () => {
    const refused = await run({ options: { undo: true, confirm: "prod" }, unfinished: "in place" });
    expect({ log: refused.log, code: refused.code, left: refused.left?.phase }).toEqual({
      log: [],
      code: 2,
      left: "in place",
    });
    expect((await run({ options: { undo: true, confirm: "prod" }, unfinished: "swapping" })).log).toEqual(DONE);
  });

  it("is refused where part of the old data is gone", async () => {
    const { log, code, message } = await run({ options: { undo: true }, unfinished: "finishing" });
    expect({ log, code }).toEqual({ log: [], code: 1 });
    expect(message).toBe(
      `stack dev: the restore of set ${OLD} is not finished: part of the old data is still there; allowed: this once it is removed; nothing was changed; run: npm run restore -- --finish --stack dev`,
    );
  });

  it("that fails starts nothing and is not forgotten", async () => {
    const { log, code, left, message } = await run({
      options: { undo: true },
      unfinished: "swapping",
      fails: ["undo"],
    });
    expect({ log, code, left: left?.phase }).toEqual({
      log: ["open restore", "stop consumers", "undo", "close"],
      code: 1,
      left: "swapping",
    });
    expect(message).toBe(
      "stack dev: the old data could not be put back; the services that use it stay down; fix the cause below and run: npm run restore -- --undo --stack dev\nundo failed",
    );
  });

  it("changes nothing where a service does not stop", async () => {
    const { log, left } = await run({ options: { undo: true }, unfinished: "swapping", fails: ["stop consumers"] });
    expect({ log, left: left?.phase }).toEqual({ log: ["open restore", "stop consumers", "close"], left: "swapping" });
  });

  it("whose services do not start is done: the next update starts them", async () => {
    const { log, left, message } = await run({
      options: { undo: true },
      unfinished: "swapping",
      fails: ["start consumers"],
    });
    expect({ log, left }).toEqual({
      log: ["open restore", "stop consumers", "undo", "start consumers", "close"],
      left: undefined,
    });
    expect(message).toBe(
      "stack dev: the old data is back, but not every service started; run: npm run up\nstart consumers failed",
    );
  });

  it("ends with 1 where a service is not healthy on the old data", async () => {
    const { code, message } = await run({ options: { undo: true }, states: { apprun: "missing" } });
    expect(code).toBe(1);
    expect(message).toMatch(/^1 of \d+ are not healthy: .*; fix that, then run: npm run up$/);
  });
});

describe("restore --finish", () => {
  it.each<RestorePhase>(["in place", "finishing"])(
    "keeps the restored data and removes the old, whatever the health says: %s",
    async (unfinished) => {
      const { log, code, left, stderr, opened } = await run({
        options: { finish: true },
        unfinished,
        states: { apprun: "missing" },
      });
      expect({ log, code, left }).toEqual({ log: ["open restore", "finish", "close"], code: 0, left: undefined });
      expect(stderr).toBe(`set ${OLD} stays in place; the old data is removed\n`);
      expect(opened).toEqual({ administratorPassword: "of postgres", takeOver: true });
    },
  );

  it("asks for the stack's name, until part of the old data is gone", async () => {
    const refused = await run({ options: { finish: true, confirm: "prod" }, unfinished: "in place" });
    expect({ log: refused.log, code: refused.code, left: refused.left?.phase }).toEqual({
      log: [],
      code: 2,
      left: "in place",
    });
    expect((await run({ options: { finish: true, confirm: "prod" }, unfinished: "finishing" })).code).toBe(0);
  });

  it("is refused while nobody can tell which data counts", async () => {
    const { log, code, left, message } = await run({ options: { finish: true }, unfinished: "swapping" });
    expect({ log, code, left: left?.phase }).toEqual({ log: [], code: 1, left: "swapping" });
    expect(message).toContain(
      "was interrupted; allowed: this once the old data is back; nothing was changed; run: npm run restore -- --undo --stack dev",
    );
  });

  it("asks for the stack's name where the mark is lost, and leaves the rest to what is there", async () => {
    const refused = await run({ options: { finish: true, confirm: "prod" } });
    expect({ log: refused.log, code: refused.code }).toEqual({ log: [], code: 2 });
    const { log, code, stderr } = await run({ options: { finish: true } });
    expect({ log, code }).toEqual({ log: ["open restore", "finish", "close"], code: 0 });
    expect(stderr).toBe("what the last restore left aside, if anything, is removed\n");
  });

  it("that fails is not forgotten, and is the only way on", async () => {
    const { log, code, left } = await run({ options: { finish: true }, unfinished: "in place", fails: ["finish"] });
    expect({ log, code, left }).toEqual({
      log: ["open restore", "finish", "close"],
      code: 1,
      left: { set: OLD, phase: "finishing" },
    });
  });
});

describe("restore --list", () => {
  it("asks the stack's own schedule", async () => {
    const { log, code, stdout } = await run({ options: { list: true, repository: "remote" } });
    expect({ log, code }).toEqual({ log: ["sets.sh remote"], code: 0 });
    expect(stdout).toBe(
      `set               taken at                  snapshot  proven  fits\n${OLD}  2020-11-20T02:30:00.000Z  aaaaaaaa  no      not known\n${NEW}  2020-11-21T02:30:00.000Z  bbbbbbbb  no      not known\n`,
    );
  });

  it("prints data where that is asked for", async () => {
    const listed = JSON.parse((await run({ options: { list: true, json: true } })).stdout) as { set: string }[];
    expect(listed.map(({ set }) => set)).toEqual([OLD, NEW]);
  });

  it("reads another stack's sets with its password", async () => {
    const { log, stdout, opened } = await run({ options: { list: true, json: true, from: "prod" } });
    expect(log).toEqual(["open restore", "sets local", "close"]);
    expect(JSON.parse(stdout)).toMatchObject([{ stack: "apprun/prod" }, { stack: "apprun/prod" }]);
    expect(opened?.source?.password).toBe("of the source");
    expect((await run({ options: { list: true, from: "prod" } })).stdout).toMatch(
      /^set +taken at +snapshot +proven +fits\n/,
    );
  });

  it("closes what it opened where that fails", async () => {
    expect((await run({ options: { list: true, from: "prod" }, fails: ["sets"] })).log).toEqual([
      "open restore",
      "sets local",
      "close",
    ]);
  });
});
