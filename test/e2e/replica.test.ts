import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { CommitWriters } from "../support/e2e/commit-writers.ts";
import { changedContainers, containers, docker, get, SMALL, wipe } from "../support/e2e/e2e.ts";
import { MonitoringApi } from "../support/e2e/prometheus.ts";
import { Replica } from "../support/e2e/replica.ts";

const STACK = "pr-889";
const PORT = 10_889;
const OFF = { enabled: false };
const FEW = {
  backup: { enabled: true, pointInTime: { enabled: true } },
  temporal: OFF,
  grafana: OFF,
  alerting: OFF,
  exporters: { host: false, cache: false },
};
const ON = { ...FEW, postgres: { ...SMALL.postgres, replica: { enabled: true } } };

interface Promoted {
  readonly timeline: number;
  readonly lostBytes: number | null;
  readonly aside: string;
  readonly seconds: number;
}

const stack = new BackupStack(STACK, FEW);
const replica = new Replica(stack);
const name = (service: string) => stack.name(service);
const api = new MonitoringApi(stack.project, PORT, `${STACK}.localhost`);
const up = async (settings: Record<string, unknown>, ...options: string[]) => {
  stack.project.configure({ ...stack.settings, ...settings });
  await stack.ok(["up", ...options]);
  await stack.project.rememberSalt();
};
const unchanged = async () => {
  const before = await containers(STACK);
  await up(ON);
  expect(changedContainers(before, await containers(STACK))).toEqual([]);
};
const promote = async () => JSON.parse(await stack.ok(["promote", "--confirm", STACK, "--json"])) as Promoted;
const missingOf = async ({ acknowledged }: CommitWriters) => {
  const there = new Set((await stack.sql("select id from ledger")).split("\n").map(Number));
  return acknowledged.filter((id) => !there.has(id));
};
const load = async (round: number, seconds: number) => {
  const { password } = JSON.parse(await stack.ok(["credentials", "app-database", "--json"])) as { password: string };
  const writers = new CommitWriters(`apprun-${STACK}-data`, password, round);
  await expect.poll(() => writers.acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(0);
  await sleep(seconds * 1000);
  return writers;
};
const shown = (what: string, { acknowledged }: CommitWriters, missing: readonly number[], { seconds }: Promoted) => {
  console.log(
    `${what}: ${acknowledged.length} commits acknowledged, ${missing.length} lost; servers stopped for ${seconds} s`,
  );
};

describe("a replica of PostgreSQL on a real Docker Engine", () => {
  beforeAll(() => wipe(STACK));
  afterAll(() => wipe(STACK));

  it("is turned on over a stack with rows, which stay where they are", async () => {
    await up({});
    await stack.sql(
      "create table ledger (id bigint primary key); alter table ledger owner to apprun; insert into ledger select generate_series(-1000, -1)",
    );
    const before = await containers(STACK);
    const volume = await docker("volume", "inspect", "--format", "{{.CreatedAt}}", name("postgres-17"));
    await up(ON);
    const changed = changedContainers(before, await containers(STACK));
    console.log(`turning it on replaces: ${changed.join(", ")}`);
    expect(changed).toContain(name("postgres"));
    expect(changed).not.toContain(name("kratos"));
    expect(changed).not.toContain(name("cache"));
    expect(await docker("volume", "inspect", "--format", "{{.CreatedAt}}", name("postgres-17"))).toBe(volume);
    expect(await stack.sql("select count(*) from ledger")).toBe("1000");
    await unchanged();
  });

  it("has the rows, gets new ones, and takes none itself", async () => {
    expect(await replica.sql("select count(*) from ledger")).toBe("1000");
    await replica.follows();
    await expect(replica.sql("insert into ledger values (5)")).rejects.toThrow("read-only transaction");
    const read = await stack.project.cli(["psql", "--replica", "apprun", "--", "-Atc", "select pg_is_in_recovery()"]);
    expect(read).toMatchObject({ code: 0, stdout: "t\n" });
    expect(await stack.inApp('echo "$DB_REPLICA_HOST" && cat "$DATABASE_REPLICA_URL_FILE"')).toMatch(
      /^postgres-replica\npostgres:\/\/apprun:\w+@postgres-replica:5432\/apprun\?sslmode=disable$/,
    );
    // The password is neither in the volume nor in a list of processes.
    const password = (await docker("exec", name("postgres-replica"), "cat", "/run/secrets/replicator-password")).trim();
    await expect(
      docker("exec", name("postgres-replica"), "grep", "-rqF", password, "/var/lib/postgresql/data"),
    ).rejects.toMatchObject({ code: 1 });
    const processes = await docker("exec", name("postgres-replica"), "sh", "-c", "cat /proc/[0-9]*/cmdline");
    expect(processes).toContain("primary_conninfo=host=postgres");
    expect(processes).not.toContain(password);
  });

  it("says how far behind it is", async () => {
    const value = async (metric: string) => Number((await api.query(metric))[0]?.value[1] ?? Number.NaN);
    await expect.poll(() => value("postgres_replica_streaming"), { timeout: 90_000, interval: 3000 }).toBe(1);
    expect(await value("postgres_replica_slot_active")).toBe(1);
    expect(await value("postgres_replica_lag_bytes")).toBeLessThan(1_000_000);
    expect(await value("postgres_replica_kept_log_ratio")).toBeLessThan(0.8);
    expect(await api.brokenRules()).toEqual([]);
    await docker("stop", name("postgres-replica"));
    await expect.poll(() => value("postgres_replica_streaming"), { timeout: 90_000, interval: 3000 }).toBe(0);
    await docker("start", name("postgres-replica"));
    await replica.follows();
  });

  it("takes the primary's place under load and loses nothing that a running primary acknowledged", async () => {
    const writers = await load(1, 3);
    const promoted = await promote();
    await writers.ended();
    const missing = await missingOf(writers);
    shown("promoted while the primary runs", writers, missing, promoted);
    expect(promoted).toMatchObject({ timeline: 2, lostBytes: 0 });
    expect(missing).toEqual([]);
    expect(await docker("exec", name("postgres"), "ls", promoted.aside)).toContain("PG_VERSION");
    // The archive goes on with the new timeline, and has no gap before it.
    await expect
      .poll(() => stack.sql("select count(*) from pg_ls_archive_statusdir() where name ~ 'ready'"), { timeout: 60_000 })
      .toBe("0");
    const archive = (await docker("exec", name("postgres"), "sh", "-c", "cd /wal-archive/* && ls")).split("\n");
    expect(archive).toContain("00000002.history.gz");
    const segments = archive
      .filter((file) => /^00000001[0-9A-F]{16}\.gz$/.test(file))
      .map((file) => Number.parseInt(file.slice(16, 24), 16));
    expect(segments).toEqual(segments.map((_, index) => (segments[0] ?? 0) + index));
    expect((await get(PORT, `${STACK}.localhost`, "/")).status).toBe(200);
    await replica.follows();
    await unchanged();
    await replica.follows();
  });

  it("takes the place of one that was killed under load, with what it had received", async () => {
    const writers = await load(2, 3);
    await docker("kill", name("postgres"));
    await writers.ended();
    const promoted = await promote();
    const missing = await missingOf(writers);
    shown("promoted after the primary was killed", writers, missing, promoted);
    expect(promoted).toMatchObject({ timeline: 3, lostBytes: null });
    expect(missing.length).toBeLessThan(writers.acknowledged.length / 10);
    await replica.follows();
  });

  it("loses what it did not receive, and says that it may", async () => {
    const writers = await load(3, 1);
    const before = writers.acknowledged.length;
    await docker("stop", name("postgres-replica"));
    await sleep(2000);
    await docker("kill", name("postgres"));
    await writers.ended();
    const said = await stack.ok(["promote", "--confirm", STACK]);
    const missing = await missingOf(writers);
    const since = writers.acknowledged.length - before;
    console.log(
      `the replica was stopped 2 s before the kill: ${since} acknowledged since then, ${missing.length} lost`,
    );
    expect(said).toContain("what it acknowledged in its last moments may be lost");
    expect(missing.length).toBeGreaterThan(since / 2);
    expect(missing.length).toBeLessThanOrEqual(since);
    await replica.follows();
  });

  it("follows a primary that was restored from a backup set", async () => {
    await stack.ok(["backup"]);
    await stack.sql("delete from ledger");
    await stack.ok(["restore", "--confirm", STACK]);
    expect(Number(await stack.sql("select count(*) from ledger"))).toBeGreaterThanOrEqual(1000);
    await replica.follows();
    expect(await replica.sql("select count(*) from ledger")).toBe(await stack.sql("select count(*) from ledger"));
  });

  it("is the data of a stack whose primary lost its volume", async () => {
    const rows = await stack.sql("select count(*) from ledger");
    await docker("rm", "--force", name("postgres"));
    await docker("volume", "rm", name("postgres-17"));
    const refused = await stack.project.cli(["up"]);
    expect(refused.code).not.toBe(0);
    await stack.ok(["promote", "--confirm", STACK]);
    await up(ON);
    expect(await stack.sql("select count(*) from ledger")).toBe(rows);
    await replica.follows();
    await unchanged();
  });

  it("is turned off, and its volume stays", async () => {
    stack.project.configure({ ...stack.settings });
    expect((await stack.project.cli(["up"])).stderr).toContain("postgres-17-replica");
    await up({}, "--forget-data", "--confirm", STACK);
    expect(Object.keys(await containers(STACK))).not.toContain(name("postgres-replica"));
    expect(await docker("volume", "ls", "--quiet", "--filter", `name=${name("postgres-17-replica")}`)).not.toBe("");
    expect(Number(await stack.sql("select count(*) from ledger"))).toBeGreaterThanOrEqual(1000);
  });
});
