import { describe, expect, it } from "vitest";
import { exec, isInteractive } from "../../../cli/commands/exec.ts";
import { browser } from "../../../cli/commands/open.ts";
import { psql } from "../../../cli/commands/psql.ts";
import { restart } from "../../../cli/commands/restart.ts";
import { top } from "../../../cli/commands/top.ts";
import { markRestore } from "../../../cli/backup/interrupted.ts";
import type { OperateSystem } from "../../../cli/commands/operate.ts";
import { DEV, operateWorld } from "../../support/fakes/operate-world.ts";
import { captured } from "../../support/fakes/terminal.ts";

const REPLICAS = {
  apprun: ["apprun-dev-apprun-1", "apprun-dev-apprun-2"],
  postgres: ["apprun-dev-postgres"],
  cache: ["apprun-dev-cache"],
};

describe("exec", () => {
  it("asks for a terminal or for none, and never for nothing", () => {
    expect(typeof isInteractive()).toBe("boolean");
  });

  it("ends with the exit code of the command, in the first replica that runs", async () => {
    const { system, operations } = await operateWorld({ replicas: REPLICAS, exitCode: 7 });
    await expect(exec("apprun", ["id", "-u"], DEV, system)).rejects.toMatchObject({ exitCode: 7 });
    expect(operations.log).toEqual(["exec in apprun-dev-apprun-1: id -u"]);
  });

  it.each([
    ["2", "apprun-dev-apprun-2"],
    ["apprun-dev-apprun-2", "apprun-dev-apprun-2"],
  ])("takes the replica %s", async (replica, name) => {
    const { system, operations } = await operateWorld({ replicas: REPLICAS });
    await expect(exec("apprun", ["id"], { ...DEV, replica }, system)).rejects.toMatchObject({ exitCode: 0 });
    expect(operations.log).toEqual([`exec in ${name}: id`]);
  });

  it.each<[string, object, string, number]>([
    ["aprun", {}, 'service: got "aprun"; allowed: ', 2],
    [
      "apprun",
      { replica: "3" },
      "apprun: no replica 3 runs; allowed: apprun-dev-apprun-1, apprun-dev-apprun-2; name one of them",
      1,
    ],
    ["grafana", {}, "grafana: no replica runs; allowed: a service that runs; run: npm run up", 1],
    // A job is done: nothing of it runs.
    ["postgres-provision", {}, 'service: got "postgres-provision"; allowed: ', 2],
  ])("refuses %s with %j", async (service, options, begins, exitCode) => {
    const { system, operations } = await operateWorld({ replicas: REPLICAS });
    const { error } = await captured(() => exec(service, ["id"], { ...DEV, ...options }, system));
    expect(error?.message.startsWith(begins)).toBe(true);
    expect(error).toMatchObject({ exitCode });
    expect(operations.log).toEqual([]);
  });
});

describe("psql", () => {
  const run = async (first: string | undefined, rest: string[], options: object = {}, settings: object = {}) => {
    const { system, operations } = await operateWorld(
      {
        replicas: { ...REPLICAS, backup: ["apprun-dev-backup"], "postgres-replica": ["apprun-dev-postgres-replica"] },
      },
      { ...settings },
    );
    const { error } = await captured(() => psql(first, rest, { ...DEV, ...options }, system));
    return { error, log: operations.log };
  };
  const psqlIn = (options: string, rest: string) =>
    `exec in apprun-dev-postgres: env ${options}PSQL_HISTORY=/dev/null psql --no-psqlrc --set ON_ERROR_STOP=1 ${rest}`;
  const READ = "PGOPTIONS=-c default_transaction_read_only=on ";

  it.each<[string | undefined, string[], object, string]>([
    [undefined, [], {}, psqlIn(READ, "--username apprun --dbname apprun")],
    ["kratos", [], {}, psqlIn(READ, "--username kratos --dbname kratos")],
    ["kratos", ["-c", "select 1"], { write: true }, psqlIn("", "--username kratos --dbname kratos -c select 1")],
    ["-c", ["select 1"], {}, psqlIn(READ, "--username apprun --dbname apprun -c select 1")],
    [undefined, [], { role: "monitoring" }, psqlIn(READ, "--username monitoring --dbname apprun")],
    ["postgres", [], {}, psqlIn(READ, "--username postgres --dbname postgres")],
  ])("of %s %j with %j", async (first, rest, options, command) => {
    const { error, log } = await run(first, rest, options);
    expect(log, error?.message).toEqual([command]);
    expect(error).toMatchObject({ exitCode: 0 });
  });

  it("asks the replica where there is one, and only to read", async () => {
    const on = { postgres: { replica: { enabled: true } } };
    const { log } = await run("kratos", [], { replica: true }, on);
    expect(log).toEqual([
      psqlIn(READ, "--username kratos --dbname kratos").replace("dev-postgres", "dev-postgres-replica"),
    ]);
    for (const [options, settings, got] of [
      [{ replica: true }, {}, "--replica: got stack dev without a replica"],
      [{ replica: true, write: true }, on, "--replica: got it with --write"],
    ] as const) {
      const refused = await run("kratos", [], options, settings);
      expect(refused.error?.message).toBe(
        `${got}; allowed: a stack with apprun:postgres.replica.enabled, to read; leave it out`,
      );
      expect(refused.log).toEqual([]);
    }
  });

  it.each<[string | undefined, object, string]>([
    [
      "nats",
      {},
      'database: got "nats"; allowed: apprun, kratos, temporal, temporal_visibility, postgres; name one of them',
    ],
    [
      "krato",
      {},
      'database: got "krato"; allowed: apprun, kratos, temporal, temporal_visibility, postgres; did you mean "kratos"?',
    ],
    [
      undefined,
      { role: "root" },
      '--role: got "root"; allowed: apprun, kratos, temporal, backup, monitoring, postgres; name one of them',
    ],
  ])("refuses %s with %j", async (first, options, message) => {
    const { error, log } = await run(first, [], options);
    expect(error?.message).toBe(message);
    expect(error).toMatchObject({ exitCode: 2 });
    expect(log).toEqual([]);
  });
});

describe("a place that is another than the state's", () => {
  it.each<[string, (system: OperateSystem) => Promise<void>]>([
    ["exec", (system) => exec("apprun", ["id"], DEV, system)],
    ["psql", (system) => psql(undefined, [], DEV, system)],
    ["restart", (system) => restart("apprun", { ...DEV, timeout: "3m" }, system)],
  ])("is refused by %s, which does nothing there", async (_, command) => {
    const { system, operations, lock } = await operateWorld(
      { replicas: REPLICAS },
      {},
      undefined,
      new Error("another Docker Engine answers"),
    );
    const { error } = await captured(() => command(system));
    expect(error?.message).toBe("another Docker Engine answers");
    expect(operations.log).toEqual([]);
    expect(lock.held()).toBeUndefined();
  });
});

describe("restart", () => {
  it("takes a service that holds nothing at once", async () => {
    const { system, operations } = await operateWorld({ replicas: REPLICAS });
    const { stdout, error } = await captured(() => restart("apprun", { ...DEV, timeout: "3m" }, system));
    expect(error).toBeUndefined();
    expect(operations.log).toEqual(["restart apprun within 180000 ms"]);
    expect(stdout).toMatch(/^apprun is healthy after [\d.]+ s\n$/);
  });

  it("of what holds data wants the stack's name", async () => {
    const { system, operations } = await operateWorld({ replicas: REPLICAS });
    const refused = await captured(() => restart("postgres", { ...DEV, timeout: "3m" }, system));
    expect(refused.error).toMatchObject({ exitCode: 2 });
    expect(operations.log).toEqual([]);
    await captured(() => restart("postgres", { ...DEV, timeout: "5s", confirm: "dev", json: true }, system));
    expect(operations.log).toEqual(["restart postgres within 5000 ms"]);
  });

  it("starts nothing while a restore is unfinished: which data counts is not known yet", async () => {
    const { system, operations, marks } = await operateWorld({ replicas: REPLICAS });
    await markRestore({ marks }, "20261121T023000Z", "swapping");
    const { error } = await captured(() => restart("apprun", { ...DEV, timeout: "3m" }, system));
    expect(error?.message).toMatch(/^stack dev: the restore of set 20261121T023000Z was interrupted/);
    expect(operations.log).toEqual([]);
  });

  it("waits for nobody: while another command holds the stack it is refused, and lets go of it itself", async () => {
    const HOLDER = { token: "t", pid: 1, host: "elsewhere", user: "ann", since: "2026-11-21T02:30:00Z", command: "up" };
    const held = await operateWorld({ replicas: REPLICAS }, {}, HOLDER);
    const { error } = await captured(() => restart("apprun", { ...DEV, timeout: "3m" }, held.system));
    expect(error?.message).toContain("`up` of ann on elsewhere");
    expect(held.operations.log).toEqual([]);
    const free = await operateWorld({ replicas: REPLICAS });
    await captured(() => restart("apprun", { ...DEV, timeout: "3m" }, free.system));
    expect(free.lock.held()).toBeUndefined();
  });

  it.each([
    ["postgres-provision", "3m", 'service: got "postgres-provision"'],
    ["apprun", "soon", '--timeout: got "soon"'],
  ])("refuses %s within %s", async (service, timeout, begins) => {
    const { system } = await operateWorld({ replicas: REPLICAS });
    const { error } = await captured(() => restart(service, { ...DEV, timeout }, system));
    expect(error?.message.startsWith(begins)).toBe(true);
    expect(error).toMatchObject({ exitCode: 2 });
  });
});

describe("top", () => {
  const USAGE = [
    { service: "cache", replica: "apprun-dev-cache", cpu: 100, memory: 48 },
    { service: "postgres", replica: "apprun-dev-postgres", cpu: 5, memory: 100 },
  ];

  it("shows each replica against the limits of the model, in the order of start", async () => {
    const { system } = await operateWorld(
      { replicas: REPLICAS, usage: USAGE },
      {
        cache: {
          maxMemory: "32Mi",
          resources: { limits: { cpu: "0.5", memory: "64Mi" }, requests: { memory: "16Mi" } },
        },
      },
    );
    const { stdout } = await captured(() => top({ ...DEV, json: true }, system));
    const { replicas } = JSON.parse(stdout) as { replicas: unknown[] };
    expect(replicas).toMatchObject([
      { service: "postgres" },
      { ...USAGE[0], cpuLimit: 500, cpuPercent: 20, memoryLimit: 64, memoryPercent: 75 },
    ]);
    const people = await captured(() => top(DEV, system));
    expect(people.stdout).toMatch(/^cache +cache +0\.1 +0\.5 +20 % +48Mi +64Mi +75 %$/m);
  });
});

describe("open", () => {
  it.each<[string, NodeJS.ProcessEnv, NodeJS.Platform, string | undefined]>([
    ["a Mac", {}, "darwin", "open"],
    ["a Mac over ssh", { SSH_CONNECTION: "x" }, "darwin", undefined],
    ["no screen", { PATH: "/usr/bin:/bin" }, "linux", undefined],
    ["a screen without a program that opens addresses", { PATH: "/nonexistent", DISPLAY: ":0" }, "linux", undefined],
  ])("takes no browser that is not there: %s", (_, environment, platform, program) => {
    expect(browser(environment, platform)).toBe(program);
  });
});
