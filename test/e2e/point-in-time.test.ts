import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SERVER_METRICS } from "../../components/services/postgres/observability.ts";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { containers, docker, SMALL, wipe } from "../support/e2e/e2e.ts";
import { killAfter } from "../support/e2e/kill.ts";

const STACK = "pr-661";
const settings = (pointInTime: boolean) => ({
  ...{ temporal: { enabled: false }, prometheus: { enabled: false }, grafana: { ...SMALL.grafana, enabled: false } },
  // Uploads come from the test, not from the clock; one set is kept.
  backup: { enabled: true, local: { days: 0, sets: 1 }, pointInTime: { enabled: pointInTime, upload: "0 0 1 1 *" } },
});
const stack = new BackupStack(STACK, settings(false));
const { project } = stack;
const name = (service: string) => stack.name(service);
const sql = (statement: string) => stack.sql(statement);
const ok = (args: readonly string[]) => stack.ok(args);
const inBackup = (script: string) => stack.inBackup(script);
const asTime = (seconds: string) => new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");

/** Rows up to a moment, as one value. */
const ticksUntil = (moment: string) =>
  sql(
    `select count(*) || ':' || md5(string_agg(at::text, ',' order by at)) from ticks where at <= to_timestamp(${moment})`,
  );
const restore = (moment: string, ...more: string[]) => [
  "restore",
  "--point-in-time",
  asTime(moment),
  "--confirm",
  STACK,
  ...more,
];

describe.skipIf(!(await hasRestic()))("moments on a real Docker Engine (skipped without restic 0.17)", () => {
  /** Seconds before and after the accident, with no row so near that its commit might be on the other side. */
  let [before, after] = ["", ""];

  beforeAll(async () => {
    await wipe(STACK);
    await ok(["up"]);
    await sql(
      "create table precious as select g from generate_series(1, 1000) g; alter table precious owner to apprun",
    );
  });
  afterAll(() => wipe(STACK));

  it("are refused while the option is off", async () => {
    const { code, stderr } = await project.cli([
      "restore",
      "--point-in-time",
      "2026-11-21T02:30:15Z",
      "--confirm",
      STACK,
    ]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("allowed: nothing without apprun:backup.pointInTime.enabled"),
    ]);
  });

  it("are turned on for a stack with data, which it keeps, and a second `up` changes nothing", async () => {
    await project.rememberSalt();
    project.configure({ ...SMALL, ...settings(true) });
    await ok(["up"]);
    expect(await sql("select count(*) from precious")).toBe("1000");
    const running = await containers(STACK);
    await ok(["up"]);
    expect(await containers(STACK)).toEqual(running);
  });

  it("begin with a base backup, which follows the set", async () => {
    await ok(["backup"]);
    expect(await inBackup("grep '^apprun_backup_restorable' /backup-metrics/backup.prom")).toMatch(
      /\{repository="local"\} 1\d{9}\n/,
    );
    await docker(
      "exec",
      "-d",
      name("postgres"),
      "bash",
      "-c",
      "until [ -e /tmp/stop ]; do psql -Xq -U postgres -d apprun -c 'insert into ticks values (now())'; sleep 0.2; done",
    );
    await sql("create table ticks (at timestamptz primary key); alter table ticks owner to apprun");
    await sleep(8000);
    const accident = await sql("drop table precious; create table mistake (a int); select extract(epoch from now())");
    await sleep(4000);
    await docker("exec", name("postgres"), "touch", "/tmp/stop");
    const quiet = (where: string) =>
      sql(`select second from (select generate_series(ceil(extract(epoch from min(at))) + 1, floor(extract(epoch from max(at))) - 1)::bigint as second from ticks) s
        where ${where} and not exists (select from ticks where abs(extract(epoch from at) - second) < 0.03) order by second desc limit 1`);
    before = await quiet(`second < ${accident} - 1`);
    after = await quiet(`second > ${accident}`);
    expect([before, after]).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/)]);
  });

  it("come back to the second: every row of then and none later, and what was dropped since", async () => {
    const [rows, all] = await Promise.all([ticksUntil(before), sql("select count(*) from ticks")]);
    const result = JSON.parse(await ok(restore(before, "--json"))) as { pointInTime: string; seconds: number };
    expect(result.pointInTime).toBe(asTime(before));
    console.log(`restored to ${result.pointInTime} in ${result.seconds} s`);
    expect(await ticksUntil(before)).toBe(rows);
    expect(await sql(`select count(*) from ticks where at > to_timestamp(${before})`)).toBe("0");
    expect(Number(await sql("select count(*) from ticks"))).toBeLessThan(Number(all));
    expect(await sql("select count(*), to_regclass('mistake') is null from precious")).toBe("1000|t");
    expect(await stack.leftovers()).toBe("none");
  });

  it("come back from behind a restore too: what it undid was only put aside in the log", async () => {
    await ok(restore(after));
    expect(await sql("select to_regclass('precious') is null, to_regclass('mistake') is not null")).toBe("t|t");
    expect(Number(await sql(`select count(*) from ticks where at > to_timestamp(${before})`))).toBeGreaterThan(0);
  });

  it("that cannot be reached are refused with the span that can, and nothing is overwritten", async () => {
    const databases = "select string_agg(oid || datname, ',' order by oid) from pg_database";
    const untouched = await sql(databases);
    const refused = async (time: string, exitCode: number, message: RegExp) => {
      const { code, stderr } = await project.cli(["restore", "--point-in-time", time, "--confirm", STACK]);
      expect([code, stderr]).toEqual([exitCode, expect.stringMatching(message)]);
      expect(await sql(databases)).toBe(untouched);
    };
    await refused("2031-01-01T00:00:00Z", 2, /allowed: a moment in the past/);
    await refused("tomorrow", 2, /allowed: a second such as/);
    await refused("2020-01-01T00:00:00Z", 1, /no complete set of 2020-01-01T00:00:00Z or before/);
    // The set is older than the base that followed it.
    const set = (JSON.parse(await ok(["restore", "--list", "--json"])) as { createdAt: string }[])[0]?.createdAt ?? "";
    await refused(
      set.replace(".000Z", "Z"),
      1,
      /allowed: from \S+ on, where the oldest base backup of the local repository begins/,
    );

    await sql("insert into ticks values (now())");
    const lost = await sql("select pg_walfile_name(pg_switch_wal() - 1)");
    await sql("insert into ticks values (now() + interval '1 ms')");
    await expect
      .poll(() => inBackup(`ls /wal-archive/*/${lost}.gz`).catch(() => ""), { timeout: 30_000 })
      .toContain(lost);
    await sleep(2000);
    const moment = await sql("select floor(extract(epoch from now()))::bigint - 1");
    await inBackup(`mv /wal-archive/*/${lost}.gz /tmp/`);
    await refused(
      asTime(moment),
      1,
      new RegExp(`segment ${lost} of the write-ahead log is missing, which ${asTime(moment)} needs`),
    );
    await inBackup(
      `cp /tmp/${lost}.gz /tmp/good && printf '\\377\\377\\377\\377' | dd of=/tmp/${lost}.gz bs=1 seek=40 conv=notrunc && cp /tmp/${lost}.gz /wal-archive/*/ && chmod a+r /wal-archive/*/${lost}.gz`,
    );
    await refused(asTime(moment), 1, new RegExp(`segment ${lost} of the write-ahead log is damaged`));
    await inBackup(`cp /tmp/good /wal-archive/*/${lost}.gz`);
  });

  it("survive a kill in the middle of the recovery, and a lost archive once the log was uploaded", async () => {
    const rows = await sql("select count(*) from ticks");
    await killAfter(project, restore(before), /recovering the base backup/, 0, ["rm", "-f", name("restore")]);
    await ok(["restore", "--undo"]);
    expect(await sql("select count(*) from ticks")).toBe(rows);
    await inBackup("bash /opt/backup/wal.sh && rm /wal-archive/*/*");
    await ok(restore(before));
    expect(
      await sql(
        `select count(*) from precious where not exists (select from ticks where at > to_timestamp(${before}))`,
      ),
    ).toBe("1000");
  });

  it("go with the sets that are not kept any more, and are proven by the drill from the repository alone", async () => {
    await ok(["backup"]);
    const snapshots = JSON.parse(
      await inBackup(
        "/opt/backup-tools/restic --repo /backup/repository --password-file /run/secrets/backup-password --no-lock snapshots --json",
      ),
    ) as { tags: string[] }[];
    expect(snapshots.map(({ tags }) => ["complete", "base", "kept"].find((tag) => tags.includes(tag))).sort()).toEqual([
      "base",
      "complete",
      "kept",
    ]);
    const { code, stderr } = await project.cli(restore(before));
    expect([code, stderr]).toEqual([1, expect.stringContaining("no complete set of")]);
    expect(JSON.parse(await ok(["drill", "--json"]))).toMatchObject({
      pointInTime: expect.stringMatching(/Z$/) as string,
    });
  });

  it("show when the archive takes nothing more, and go on when it does again", async () => {
    const waiting = async () => Number(await sql(`select wal_files_to_archive from (${SERVER_METRICS.query}) m`));
    await docker("exec", name("postgres"), "sh", "-c", "chown -R root:root /wal-archive");
    await sql("insert into ticks values (now()); select pg_switch_wal()");
    await expect.poll(waiting, { timeout: 20_000 }).toBeGreaterThan(0);
    await docker("exec", name("postgres"), "sh", "-c", "chown -R postgres:postgres /wal-archive");
    await expect.poll(waiting, { timeout: 90_000, interval: 1000 }).toBe(0);
  });
});
