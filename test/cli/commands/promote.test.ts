import { describe, expect, it } from "vitest";
import { markRestore } from "../../../cli/backup/interrupted.ts";
import type { Promoted } from "../../../cli/backup/promotion.ts";
import { promote, type PromoteOptions, type PromoteSystem } from "../../../cli/commands/promote.ts";
import { CliError } from "../../../cli/kit/exit.ts";
import { DEV, operateWorld } from "../../support/fakes/operate-world.ts";
import { captured } from "../../support/fakes/terminal.ts";

const ON = { postgres: { replica: { enabled: true } } };
const DONE: Promoted = {
  timeline: 2,
  replayed: "0/3000148",
  lastCommit: "2026-11-28T13:00:00.000Z",
  lostBytes: 0,
  aside: "/data/pgdata.before",
};

/** A stack with a replica, whose two servers note what is done to them. */
async function world(result: Promoted | Error = DONE, given: { settings?: object; isThere?: boolean } = {}) {
  const { settings = ON, isThere = true } = given;
  const { system, marks, lock } = await operateWorld({ replicas: {} }, { ...settings });
  const log: string[] = [];
  const note = <T>(line: string, value: T | Error): Promise<T> => {
    log.push(line);
    return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
  };
  const promoting: PromoteSystem = {
    ...system,
    createRuntime: async (project) => ({
      ...(await system.createRuntime(project)),
      instanceName: "container",
      observe: () => Promise.resolve([]),
      lastLogLines: () => Promise.resolve([]),
    }),
    openPromotionHost: () =>
      Promise.resolve({
        require: () => note("require", undefined),
        stop: () => note("stop", undefined),
        promote: ({ acceptLoss }) => note(`promote${acceptLoss ? " with loss" : ""}`, result),
        start: () => note("start", isThere),
      }),
  };
  const run = (options: Partial<PromoteOptions> = {}) =>
    captured(() => promote({ ...DEV, confirm: "dev", ...options }, promoting));
  return { run, log, marks, lock };
}

describe("promote", () => {
  it("stops both servers before it copies, and starts them afterwards", async () => {
    const { run, log, lock } = await world();
    const { stdout, error } = await run();
    expect(error).toBeUndefined();
    expect(log).toEqual(["require", "stop", "promote", "start"]);
    expect(lock.held()).toBeUndefined();
    expect(stdout).toMatch(
      /^stack dev: the replica's data is the primary's, on timeline 2; both servers were stopped for [\d.]+ s\nnothing is lost\nits last transaction is of 2026-11-28T13:00:00.000Z\nthe old data is kept: npm run exec -- postgres --stack dev -- rm -rf \/data\/pgdata.before\n$/,
    );
  });

  it.each<[Partial<Promoted>, string]>([
    [{ lostBytes: null }, "what it acknowledged in its last moments may be lost"],
    [{ lostBytes: 4096 }, "lost: what is in the last 4096 bytes of the old primary's log"],
  ])("says of %j that rows may be gone", async (given, text) => {
    const { run } = await world({ ...DONE, ...given });
    expect((await run()).stdout).toContain(text);
  });

  it("starts both on the data that they had when the copy fails", async () => {
    const { run, log } = await world(new CliError({ happened: "the disk is full", fix: "make room" }));
    const { error } = await run();
    expect(log).toEqual(["require", "stop", "promote", "start"]);
    expect(error?.message).toMatch(/^stack dev: the replica was not promoted; the old data is in place/);
    expect(error?.message).toContain("the disk is full");
    expect(error).toMatchObject({ exitCode: 1 });
  });

  it("goes on without a container of the primary, which the next update makes", async () => {
    const { run } = await world({ ...DONE, aside: "" }, { isThere: false });
    const { stderr, error } = await run();
    expect(error).toBeUndefined();
    expect(stderr).toContain("make it with: npm run up");
  });

  it("takes a loss that is known only with a word of its own", async () => {
    const { run, log } = await world();
    await run({ acceptLoss: true });
    expect(log).toContain("promote with loss");
  });

  it.each<[object, Partial<PromoteOptions>, string]>([
    [{}, {}, "promote: got stack dev without a replica; allowed: a stack with apprun:postgres.replica.enabled"],
    [ON, { confirm: "prod" }, '--confirm: got "prod"; allowed: "dev", the stack\'s name'],
  ])("changes nothing with %j and %j", async (settings, options, message) => {
    const { run, log } = await world(DONE, { settings });
    const { error } = await run(options);
    expect(error?.message).toContain(message);
    expect(error).toMatchObject({ exitCode: 2 });
    expect(log).not.toContain("stop");
  });

  it("waits for the end of a restore, whose data may not be the one that counts", async () => {
    const { run, log, marks } = await world();
    await markRestore({ marks }, "20261121T023000Z", "swapping");
    expect((await run()).error?.message).toContain("was interrupted");
    expect(log).toEqual([]);
  });
});
