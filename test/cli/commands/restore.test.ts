import { describe, expect, it } from "vitest";
import type { RestorePhase } from "../../../cli/backup/interrupted.ts";
import {
  FINISH,
  MASK,
  NEW,
  NEW_ID,
  OLD,
  OLD_ID,
  PREPARED,
  RESTORED,
  SWAPPED,
  UNDO,
  run,
  type World,
} from "../../support/fakes/restore-world.ts";

const ALL = { databases: true, files: true, accept: [] };

describe("a restore that goes well", () => {
  it("prepares, stops, swaps, runs the jobs, starts, asks for health, and only then removes the old data", async () => {
    const { log, code, left, stdout, opened } = await run();
    expect(log).toEqual(RESTORED);
    expect({ code, left }).toEqual({ code: 0, left: undefined });
    expect(stdout).toMatch(/^set 20201121T023000Z: restored in [\d.]+ s; the stack was down for [\d.]+ s of them\n$/);
    expect(opened).toEqual({ administratorPassword: "of postgres", source: undefined, mask: undefined, parts: ALL });
  });

  it.each<[{ databases?: boolean; files?: boolean; accept?: string[] }, string, object]>([
    [{ databases: true }, "the databases of set", { ...ALL, files: false }],
    [{ files: true }, "the files of set", { ...ALL, databases: false }],
    [{ accept: ["app:./a"] }, "set", { ...ALL, accept: ["app:./a"] }],
  ])("brings back what %j says", async (options, what, parts) => {
    const { code, stdout, opened } = await run({ options });
    expect([code, stdout]).toEqual([0, expect.stringContaining(`${what} 20201121T023000Z: restored`)]);
    expect(opened).toMatchObject({ parts });
  });

  it("prints data where that is asked for", async () => {
    const { stdout } = await run({ options: { json: true } });
    const { seconds, downtimeSeconds, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
    expect(rest).toEqual({ set: NEW, masked: false, repository: "local" });
    expect([typeof seconds, typeof downtimeSeconds]).toEqual(["number", "number"]);
  });

  it("takes the set that is asked for", async () => {
    expect((await run({ options: { set: OLD } })).log).toContain(`prepare local ${OLD_ID}`);
    expect((await run({ options: { time: "2020-11-20T12:00:00Z" } })).log).toContain(`prepare local ${OLD_ID}`);
  });

  it("takes the databases of a moment, and the files of the set before it", async () => {
    const settings = { backup: { pointInTime: { enabled: true } } };
    const { log, stdout, code } = await run({ settings, options: { pointInTime: "2020-11-21T02:00:00Z" } });
    expect(log.slice(2, 4)).toEqual([`prepare local ${OLD_ID} 1605924000`, "stop consumers"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^the databases of 2020-11-21T02:00:00Z and the files of set 20201120T023000Z: restored in /,
    );
    expect(
      JSON.parse((await run({ settings, options: { pointInTime: "2020-11-21T02:00:00Z", json: true } })).stdout),
    ).toMatchObject({
      pointInTime: "2020-11-21T02:00:00Z",
    });
  });

  it.each<[string, RestorePhase]>([
    ["stop consumers", "swapping"],
    ["swap", "swapping"],
    ["database jobs", "swapping"],
    ["start consumers", "in place"],
    ["observe", "in place"],
    ["finish", "finishing"],
  ])("has noted how far it is when it comes to: %s", async (lookAt, phase) => {
    expect((await run({ lookAt })).seen).toEqual({ set: NEW, phase });
  });

  it("has noted nothing while the set is only read", async () => {
    expect((await run({ lookAt: `prepare local ${NEW_ID}` })).seen).toBeUndefined();
  });
});

describe("a restore that fails", () => {
  it.each<[string, string[]]>([
    ["open restore", ["open restore"]],
    ["sets", ["open restore", "sets local", "close"]],
    ["prepare", [...PREPARED, "close"]],
  ])("at %s has stopped and changed nothing", async (step, did) => {
    const { log, code, left } = await run({ fails: [step] });
    expect({ log, code, left }).toEqual({ log: did, code: 1, left: undefined });
  });

  it("asks for the stack's name, and does nothing without it", async () => {
    const { log, code, message } = await run({ options: { confirm: "prod" } });
    expect({ log, code }).toEqual({ log: ["open restore", "sets local", "close"], code: 2 });
    expect(message).toBe(
      '--confirm: got "prod"; allowed: "dev", the stack\'s name; nothing was changed; name the stack',
    );
  });

  it("because a service does not stop drops what it prepared; what was stopped runs again", async () => {
    const { log, code, left, message } = await run({ fails: ["stop consumers"] });
    expect(log).toEqual([...PREPARED, "stop consumers", "undo", "close"]);
    expect({ code, left }).toEqual({ code: 1, left: undefined });
    expect(message).toBe(
      "stack dev: not every service that uses the data could be stopped; no data was replaced; fix the cause below and restore again\nstop consumers failed",
    );
  });

  it.each([["swap"], ["database jobs"]])("at %s puts the old data back, then starts what uses it", async (step) => {
    const { log, code, left, message, stderr, error } = await run({ fails: [step] });
    expect(log).toEqual([...SWAPPED.slice(0, SWAPPED.indexOf(step) + 1), "undo", "start consumers", "close"]);
    expect({ code, left }).toEqual({ code: 1, left: undefined });
    expect(message).toBe(
      `stack dev: the restore failed; the old data is back; fix the cause below and restore again\n${step} failed`,
    );
    expect((error?.cause as Error).message).toBe(`${step} failed`);
    expect(stderr).toBe("the restore failed: putting the old data back\n");
  });

  it.each([["swap"], ["database jobs"]])(
    "at %s and cannot be undone starts nothing on half of the data, and is not forgotten",
    async (step) => {
      const { log, code, left, message } = await run({ fails: [step, "undo"] });
      expect(log).toEqual([...SWAPPED.slice(0, SWAPPED.indexOf(step) + 1), "undo", "close"]);
      expect({ code, left }).toEqual({ code: 1, left: { set: NEW, phase: "swapping" } });
      expect(message).toBe(
        "stack dev: the restore failed and the old data could not be put back; the services that use it stay down; " +
          `fix the cause below and run: npm run restore -- --undo --stack dev\n${step} failed\nundo failed`,
      );
    },
  );

  it("and whose services do not start on the old data leaves them to the next update", async () => {
    const { log, code, left, message } = await run({ fails: ["swap", "start consumers"] });
    expect(log).toEqual([...PREPARED, "stop consumers", "swap", "undo", "start consumers", "close"]);
    expect({ code, left }).toEqual({ code: 1, left: undefined });
    expect(message).toBe(
      "stack dev: the restore failed and the old data is back, but not every service started; run: npm run up\nswap failed\nstart consumers failed",
    );
  });

  it("because a service does not start on the restored data keeps the old", async () => {
    const { log, code, left, message } = await run({ fails: ["start consumers"] });
    expect(log).toEqual([...SWAPPED, "start consumers", "close"]);
    expect({ code, left }).toEqual({ code: 1, left: { set: NEW, phase: "in place" } });
    expect(message).toBe(
      `stack dev: set ${NEW} is in place, but not every service started; the old data is kept; ${FINISH}; ${UNDO}\nstart consumers failed`,
    );
  });

  it("because a service is not healthy on the restored data keeps the old, and says both ways on", async () => {
    const { log, code, left, message, stdout } = await run({ states: { apprun: "exited (1)" } });
    expect(log).toEqual([...SWAPPED, "start consumers", "observe", "close"]);
    expect({ code, left, stdout }).toEqual({ code: 1, left: { set: NEW, phase: "in place" }, stdout: "" });
    expect(message).toMatch(
      /^1 of \d+ are not healthy: \S+ is .*; set 20201121T023000Z is in place and the old data is kept; /,
    );
    expect(message.endsWith(`is kept; ${FINISH}; ${UNDO}`)).toBe(true);
  });

  it("because the old data cannot be removed can only go on: part of it is gone", async () => {
    const { log, code, left, message } = await run({ fails: ["finish"] });
    expect(log).toEqual(RESTORED);
    expect({ code, left }).toEqual({ code: 1, left: { set: NEW, phase: "finishing" } });
    expect(message).toBe(
      `stack dev: set ${NEW} is in place, and the old data could not be removed; fix the cause below and run: npm run restore -- --finish --stack dev\nfinish failed`,
    );
  });

  it.each<RestorePhase>(["swapping", "in place", "finishing"])(
    "keeps a new one from dropping what it left aside: %s",
    async (unfinished) => {
      const { log, code, left } = await run({ unfinished });
      expect({ log, code, left }).toEqual({ log: [], code: 1, left: { set: OLD, phase: unfinished } });
    },
  );
});

describe("a restore that masks another stack's data", () => {
  const world: World = {
    stack: "pr-7",
    options: { from: "prod", mask: [MASK] },
    settings: { backup: { enabled: true } },
  };
  const prepare = `prepare local ${NEW_ID}`;

  it("reads with the source's password and masks as the app's role", async () => {
    const { log, code, stdout, opened } = await run(world);
    expect({ log, code }).toEqual({ log: RESTORED, code: 0 });
    expect(stdout).toMatch(/^the masked database of the app from set 20201121T023000Z of apprun\/prod: restored in /);
    expect(opened).toEqual({
      administratorPassword: "of postgres",
      source: { stack: "apprun/prod", volume: "apprun-prod-backups", password: "of the source" },
      mask: {
        database: "apprun",
        role: "app-database",
        password: "of app-database",
        files: [{ name: "mask-1-mail.sql", content: "UPDATE customers SET mail = '';\n" }],
      },
      parts: ALL,
    });
  });

  it("says so in its data", async () => {
    expect(JSON.parse((await run({ ...world, options: { ...world.options, json: true } })).stdout)).toMatchObject({
      masked: true,
    });
  });

  it("is noted before the first row is there: a copy that is not masked must not be forgotten", async () => {
    expect((await run({ ...world, lookAt: prepare })).seen).toEqual({ set: NEW, phase: "swapping" });
  });

  it("drops the copy where it fails, and nothing of it is left", async () => {
    const { log, code, left, message } = await run({ ...world, fails: ["prepare"] });
    expect({ log, code, left, message }).toEqual({
      log: [...PREPARED, "undo", "close"],
      code: 1,
      left: undefined,
      message: "prepare failed",
    });
  });

  it("is not forgotten where the copy cannot be dropped", async () => {
    const { left, message } = await run({ ...world, fails: ["prepare", "undo"] });
    expect(left).toEqual({ set: NEW, phase: "swapping" });
    expect(message).toBe(
      "stack pr-7: the restore failed, and its copy, which may not be masked, could not be dropped; " +
        "fix the cause below and run: npm run restore -- --undo --stack pr-7\nprepare failed\nundo failed",
    );
  });

  it("is refused without its files, before anything is opened", async () => {
    const { log, code } = await run({ ...world, options: { from: "prod" } });
    expect({ log, code }).toEqual({ log: [], code: 2 });
  });
});
