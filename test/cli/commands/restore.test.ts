import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { BackupHost, RestoreHost, RestoreHostOptions } from "../../../cli/backup/host.ts";
import { markRestore, unfinishedRestore, type RestorePhase, type UnfinishedRestore } from "../../../cli/backup/interrupted.ts";
import { restore, type RestoreOptions, type RestoreSystem } from "../../../cli/commands/restore.ts";
import { CliError, EXIT, type ExitCode } from "../../../cli/kit/exit.ts";
import type { Project } from "../../../cli/kit/project.ts";
import { fakeRuntime } from "../../support/fakes/runtime.ts";
import { captured, type Outcome } from "../../support/fakes/terminal.ts";
import { settingsOf, stackOf } from "../../support/record/stacks.ts";

const [OLD, NEW] = ["20201120T023000Z", "20201121T023000Z"];
const [OLD_ID, NEW_ID] = ["a".repeat(64), "b".repeat(64)];
const sets = (stack: string) =>
  JSON.stringify([
    { id: OLD_ID, hostname: stack, tags: [`set=${OLD}`] },
    { id: NEW_ID, hostname: stack, tags: [`set=${NEW}`] },
  ]);
const MASK = join(mkdtempSync(join(tmpdir(), "mask-")), "mail.sql");
writeFileSync(MASK, "UPDATE customers SET mail = '';\n");

const PREPARED = ["open restore", "sets local", `prepare local ${NEW_ID}`];
const SWAPPED = [...PREPARED, "stop consumers", "swap", "database jobs"];
const RESTORED = [...SWAPPED, "start consumers", "observe", "finish", "close"];
const FINISH = "to keep the restored data run: npm run restore -- --finish --stack dev";
const UNDO = "to put the old data back: npm run restore -- --undo --stack dev";

interface World {
  readonly options?: Partial<RestoreOptions>;
  readonly settings?: Record<string, unknown>;
  readonly stack?: string;
  /** A restore that is not finished. */
  readonly unfinished?: RestorePhase;
  /** Calls that fail, by their first word in the log. */
  readonly fails?: readonly string[];
  /** States of services that are not good. */
  readonly states?: Readonly<Record<string, string>>;
  /** A call before which the mark is looked at. */
  readonly lookAt?: string;
}

interface Result extends Outcome {
  readonly log: readonly string[];
  readonly code: ExitCode;
  readonly message: string;
  /** What the directory knows of the restore afterwards. */
  readonly left: UnfinishedRestore | undefined;
  readonly seen: UnfinishedRestore | undefined;
  readonly opened: RestoreHostOptions | undefined;
}

let recording: Project["recording"];
beforeAll(async () => {
  recording = await stackOf({});
});

/** Runs the command in a world of fakes; `log` has what it did there, in order. */
async function run({ options = {}, settings = {}, stack = "dev", unfinished, fails = [], states = {}, lookAt }: World = {}): Promise<Result> {
  const log: string[] = [];
  const project: Project = { directory: mkdtempSync(join(tmpdir(), "restore-")), stack, settings: settingsOf(settings, stack), recording };
  if (unfinished !== undefined) markRestore(project, OLD, unfinished);
  let seen: UnfinishedRestore | undefined;
  let opened: RestoreHostOptions | undefined;
  const look = (name: string) => {
    if (name === lookAt) seen = unfinishedRestore(project);
  };
  const call = <T>(name: string, result: T): Promise<T> => {
    log.push(name);
    look(name);
    return fails.includes(name.split(" local")[0] ?? "") ? Promise.reject(new Error(`${name.split(" local")[0] ?? ""} failed`)) : Promise.resolve(result);
  };
  const restorer: RestoreHost = {
    sets: (repository) => call(`sets ${repository}`, sets(options.from === undefined ? `apprun/${stack}` : `apprun/${options.from}`)),
    step: (name, args = []) => call([name, ...args].join(" "), ""),
    close: () => call("close", undefined),
  };
  const host: BackupHost = {
    run: (script, args = []) => call([script, ...args].join(" "), sets(`apprun/${stack}`)),
    openRestore: (given) => {
      opened = given;
      return call("open restore", restorer);
    },
    stopConsumers: () => call("stop consumers", () => call("start consumers", undefined)),
    runDatabaseJobs: () => call("database jobs", undefined),
  };
  const system: RestoreSystem = {
    loadProject: () => Promise.resolve(project),
    openBackupHost: () => Promise.resolve(host),
    openSource: (_project, from) => Promise.resolve({ stack: `apprun/${from}`, volume: `apprun-${from}-backups`, password: "of the source" }),
    credentials: (_project, service) => Promise.resolve({ username: service, password: `of ${service}` }),
    createRuntime: () => {
      look("observe");
      return Promise.resolve(fakeRuntime({ log, states }));
    },
  };
  const outcome = await captured(() => restore({ stack, cwd: ".", repository: "local", confirm: stack, ...options }, system));
  const { error } = outcome;
  const exitCode = error instanceof CliError ? error.exitCode : EXIT.failed;
  return { ...outcome, log, code: error === undefined ? EXIT.ok : exitCode, message: error?.message ?? "", left: unfinishedRestore(project), seen, opened };
}

describe("a restore that goes well", () => {
  it("prepares, stops, swaps, runs the jobs, starts, asks for health, and only then removes the old data", async () => {
    const { log, code, left, stdout, opened } = await run();
    expect(log).toEqual(RESTORED);
    expect({ code, left }).toEqual({ code: 0, left: undefined });
    expect(stdout).toMatch(/^set 20201121T023000Z: restored in [\d.]+ s; the stack was down for [\d.]+ s of them\n$/);
    expect(opened).toEqual({ administratorPassword: "of postgres", source: undefined, mask: undefined });
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
    expect(stdout).toMatch(/^the databases of 2020-11-21T02:00:00Z and the files of set 20201120T023000Z: restored in /);
    expect(JSON.parse((await run({ settings, options: { pointInTime: "2020-11-21T02:00:00Z", json: true } })).stdout)).toMatchObject({
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
    expect(message).toBe('--confirm: got "prod"; allowed: "dev", the stack\'s name; nothing was changed; name the stack');
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
    expect(message).toBe(`stack dev: the restore failed; the old data is back; fix the cause below and restore again\n${step} failed`);
    expect((error?.cause as Error).message).toBe(`${step} failed`);
    expect(stderr).toBe("the restore failed: putting the old data back\n");
  });

  it.each([["swap"], ["database jobs"]])("at %s and cannot be undone starts nothing on half of the data, and is not forgotten", async (step) => {
    const { log, code, left, message } = await run({ fails: [step, "undo"] });
    expect(log).toEqual([...SWAPPED.slice(0, SWAPPED.indexOf(step) + 1), "undo", "close"]);
    expect({ code, left }).toEqual({ code: 1, left: { set: NEW, phase: "swapping" } });
    expect(message).toBe(
      "stack dev: the restore failed and the old data could not be put back; the services that use it stay down; " +
        `fix the cause below and run: npm run restore -- --undo --stack dev\n${step} failed\nundo failed`,
    );
  });

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
    expect(message).toBe(`stack dev: set ${NEW} is in place, but not every service started; the old data is kept; ${FINISH}; ${UNDO}\nstart consumers failed`);
  });

  it("because a service is not healthy on the restored data keeps the old, and says both ways on", async () => {
    const { log, code, left, message, stdout } = await run({ states: { apprun: "exited (1)" } });
    expect(log).toEqual([...SWAPPED, "start consumers", "observe", "close"]);
    expect({ code, left, stdout }).toEqual({ code: 1, left: { set: NEW, phase: "in place" }, stdout: "" });
    expect(message).toMatch(/^1 of \d+ are not healthy; set 20201121T023000Z is in place and the old data is kept; /);
    expect(message).toContain(`is kept; ${FINISH}; ${UNDO}\napprun (container apprun-dev-apprun) is exited (1)\n`);
  });

  it("because the old data cannot be removed can only go on: part of it is gone", async () => {
    const { log, code, left, message } = await run({ fails: ["finish"] });
    expect(log).toEqual(RESTORED);
    expect({ code, left }).toEqual({ code: 1, left: { set: NEW, phase: "finishing" } });
    expect(message).toBe(
      `stack dev: set ${NEW} is in place, and the old data could not be removed; fix the cause below and run: npm run restore -- --finish --stack dev\nfinish failed`,
    );
  });

  it.each<RestorePhase>(["swapping", "in place", "finishing"])("keeps a new one from dropping what it left aside: %s", async (unfinished) => {
    const { log, code, left } = await run({ unfinished });
    expect({ log, code, left }).toEqual({ log: [], code: 1, left: { set: OLD, phase: unfinished } });
  });
});

describe("a restore that masks another stack's data", () => {
  const world: World = { stack: "pr-7", options: { from: "prod", mask: [MASK] }, settings: { backup: { enabled: true } } };
  const prepare = `prepare local ${NEW_ID}`;

  it("reads with the source's password and masks as the app's role", async () => {
    const { log, code, stdout, opened } = await run(world);
    expect({ log, code }).toEqual({ log: RESTORED, code: 0 });
    expect(stdout).toMatch(/^the masked database of the app from set 20201121T023000Z of apprun\/prod: restored in /);
    expect(opened).toEqual({
      administratorPassword: "of postgres",
      source: { stack: "apprun/prod", volume: "apprun-prod-backups", password: "of the source" },
      mask: { password: "of app-database", files: [{ name: "mask-1-mail.sql", content: "UPDATE customers SET mail = '';\n" }] },
    });
  });

  it("says so in its data", async () => {
    expect(JSON.parse((await run({ ...world, options: { ...world.options, json: true } })).stdout)).toMatchObject({ masked: true });
  });

  it("is noted before the first row is there: a copy that is not masked must not be forgotten", async () => {
    expect((await run({ ...world, lookAt: prepare })).seen).toEqual({ set: NEW, phase: "swapping" });
  });

  it("drops the copy where it fails, and nothing of it is left", async () => {
    const { log, code, left, message } = await run({ ...world, fails: ["prepare"] });
    expect({ log, code, left, message }).toEqual({ log: [...PREPARED, "undo", "close"], code: 1, left: undefined, message: "prepare failed" });
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
    expect({ log: refused.log, code: refused.code, left: refused.left?.phase }).toEqual({ log: [], code: 2, left: "in place" });
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
    const { log, code, left, message } = await run({ options: { undo: true }, unfinished: "swapping", fails: ["undo"] });
    expect({ log, code, left: left?.phase }).toEqual({ log: ["open restore", "stop consumers", "undo", "close"], code: 1, left: "swapping" });
    expect(message).toBe(
      "stack dev: the old data could not be put back; the services that use it stay down; fix the cause below and run: npm run restore -- --undo --stack dev\nundo failed",
    );
  });

  it("changes nothing where a service does not stop", async () => {
    const { log, left } = await run({ options: { undo: true }, unfinished: "swapping", fails: ["stop consumers"] });
    expect({ log, left: left?.phase }).toEqual({ log: ["open restore", "stop consumers", "close"], left: "swapping" });
  });

  it("whose services do not start is done: the next update starts them", async () => {
    const { log, left, message } = await run({ options: { undo: true }, unfinished: "swapping", fails: ["start consumers"] });
    expect({ log, left }).toEqual({ log: ["open restore", "stop consumers", "undo", "start consumers", "close"], left: undefined });
    expect(message).toBe("stack dev: the old data is back, but not every service started; run: npm run up\nstart consumers failed");
  });

  it("ends with 1 where a service is not healthy on the old data", async () => {
    const { code, message } = await run({ options: { undo: true }, states: { apprun: "missing" } });
    expect(code).toBe(1);
    expect(message).toMatch(/^1 of \d+ are not healthy; fix what the logs show, then run: npm run up\n/);
  });
});

describe("restore --finish", () => {
  it.each<RestorePhase>(["in place", "finishing"])("keeps the restored data and removes the old, whatever the health says: %s", async (unfinished) => {
    const { log, code, left, stderr, opened } = await run({ options: { finish: true }, unfinished, states: { apprun: "missing" } });
    expect({ log, code, left }).toEqual({ log: ["open restore", "finish", "close"], code: 0, left: undefined });
    expect(stderr).toBe(`set ${OLD} stays in place; the old data is removed\n`);
    expect(opened).toEqual({ administratorPassword: "of postgres", takeOver: true });
  });

  it("asks for the stack's name, until part of the old data is gone", async () => {
    const refused = await run({ options: { finish: true, confirm: "prod" }, unfinished: "in place" });
    expect({ log: refused.log, code: refused.code, left: refused.left?.phase }).toEqual({ log: [], code: 2, left: "in place" });
    expect((await run({ options: { finish: true, confirm: "prod" }, unfinished: "finishing" })).code).toBe(0);
  });

  it("is refused while nobody can tell which data counts", async () => {
    const { log, code, left, message } = await run({ options: { finish: true }, unfinished: "swapping" });
    expect({ log, code, left: left?.phase }).toEqual({ log: [], code: 1, left: "swapping" });
    expect(message).toContain("was interrupted; allowed: this once the old data is back; nothing was changed; run: npm run restore -- --undo --stack dev");
  });

  it("is refused where no restore waits", async () => {
    const { log, code, message } = await run({ options: { finish: true } });
    expect({ log, code }).toEqual({ log: [], code: 2 });
    expect(message).toMatch(
      /^--finish: got stack dev, of which no restore waits in \S+; allowed: a restore whose data is in place, in the directory where it ran; nothing was changed; run it there$/,
    );
  });

  it("that fails is not forgotten, and is the only way on", async () => {
    const { log, code, left } = await run({ options: { finish: true }, unfinished: "in place", fails: ["finish"] });
    expect({ log, code, left }).toEqual({ log: ["open restore", "finish", "close"], code: 1, left: { set: OLD, phase: "finishing" } });
  });
});

describe("restore --list", () => {
  it("asks the stack's own schedule", async () => {
    const { log, code, stdout } = await run({ options: { list: true, repository: "remote" } });
    expect({ log, code }).toEqual({ log: ["sets.sh remote"], code: 0 });
    expect(stdout).toBe(
      `set               taken at                  snapshot\n${OLD}  2020-11-20T02:30:00.000Z  aaaaaaaa\n${NEW}  2020-11-21T02:30:00.000Z  bbbbbbbb\n`,
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
    expect((await run({ options: { list: true, from: "prod" } })).stdout).toMatch(/^set +taken at +snapshot\n/);
  });

  it("closes what it opened where that fails", async () => {
    expect((await run({ options: { list: true, from: "prod" }, fails: ["sets"] })).log).toEqual(["open restore", "sets local", "close"]);
  });
});

it("the mark is a file that git ignores", () => {
  const project = { directory: mkdtempSync(join(tmpdir(), "restore-")), stack: "dev" };
  markRestore(project, NEW, "in place");
  expect(existsSync(join(project.directory, ".apprun", "restoring-dev"))).toBe(true);
});
