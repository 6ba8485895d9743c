import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/available.js";
import { docker, finished, get, SMALL, TestProject, wipe } from "../support/e2e.js";

const STACK = "pr-602";
const PORT = 10_602;
const ROWS = Number(process.env["BACKUP_TEST_ROWS"] ?? 1_000_000);
const FILES = 500;
const name = (service: string) => `apprun-${STACK}-${service}`;
const project = new TestProject(STACK, { ...SMALL, temporal: { ui: false }, backup: { enabled: true } });
const stateFile = join(project.directory, "saved.state.json");

const sql = async (statement: string, database = "apprun") =>
  (await docker("exec", name("postgres"), "psql", "-XAtq", "-U", "postgres", "-d", database, "-c", statement)).trim();
const inApp = (script: string) => docker("exec", name("apprun"), "sh", "-c", script);
const inBackup = (script: string) => docker("exec", name("backup"), "sh", "-c", script);

/** Count and checksum of the rows and of the files, made by other means than the backup's own. */
async function fingerprintOfData() {
  return {
    rows: await sql("select count(*) || ':' || md5(string_agg(md5(big::text), '' order by id)) from big"),
    identities: await sql("select count(*) from networks", "kratos"),
    files: (await inApp("cd /data/storage && find . -type f | wc -l && find . -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum")).trim(),
  };
}

async function ok(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.cli(args);
  expect(code, stderr).toBe(0);
  return stdout;
}

describe.skipIf(!(await hasRestic()))("backups on a real Docker Engine (skipped without restic 0.17)", () => {
  let data: Awaited<ReturnType<typeof fingerprintOfData>>;

  beforeAll(async () => {
    await wipe(STACK);
    rmSync(stateFile, { force: true });
    await ok(["up"]);
    await sql(`create table big as select g as id, md5(g::text) as a, md5((g * 7)::text) as b, g::float8 / 7 as f, timestamptz 'epoch' + g * interval '1 s' as at
      from generate_series(1, ${ROWS}) g; alter table big add primary key (id); alter table big owner to apprun`);
    await inApp(`mkdir -p /data/storage/many && for i in $(seq ${FILES}); do head -c $((i * 200)) /dev/urandom >"/data/storage/many/file $i"; done`);
    data = await fingerprintOfData();
  });
  afterAll(() => wipe(STACK));

  it("take a million rows and 500 files, prove them, and show it to Prometheus", async () => {
    const backup = JSON.parse(await ok(["backup", "--json"])) as {
      seconds: number;
      manifest: { databases: Record<string, { tables: Record<string, { rows: number }> }>; trees: Record<string, { files: number }> };
    };
    expect(backup.manifest.databases["apprun"]?.tables["public.big"]?.rows).toBe(ROWS);
    expect(backup.manifest.trees["apprun-storage"]?.files).toBe(FILES);
    const drill = JSON.parse(await ok(["drill", "--json"])) as { rtoSeconds: number; rpoSeconds: number; databases: Record<string, { rows: number }> };
    expect(drill.databases["apprun"]?.rows).toBeGreaterThanOrEqual(ROWS);
    console.log(`backup ${backup.seconds} s, drill RTO ${drill.rtoSeconds} s, RPO ${drill.rpoSeconds} s`);
    const query = async (metric: string) => {
      const { body } = await get(PORT, `prometheus.${STACK}.localhost`, `/api/v1/query?query=time()-${metric}`);
      return Number((JSON.parse(body) as { data: { result: { value: [number, string] }[] } }).data.result[0]?.value[1]);
    };
    for (const metric of ["apprun_backup_last_success_timestamp_seconds", "apprun_backup_last_proven_timestamp_seconds"])
      await expect.poll(() => query(metric), { timeout: 60_000, interval: 2000 }).toBeLessThan(600);
  });

  it("bring everything back into a stack whose data was destroyed, with the state that has its keys", async () => {
    await ok(["state", "backup", "--out", stateFile]);
    await ok(["destroy", "--remove-data", "--keep-backups", "--confirm", STACK]);
    expect((await docker("volume", "ls", "-q", "--filter", `label=io.apprun.stack=apprun/${STACK}`)).trim()).toBe(name("backups"));
    const { code, stderr } = await project.cli(["up"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`data volumes that this state did not make: ${name("backups")}`)]);
    await ok(["state", "restore", stateFile, "--confirm", STACK]);
    await ok(["up"]);
    expect(await sql("select to_regclass('big') is null")).toBe("t");
    console.log(await ok(["restore", "--confirm", STACK]));
    expect(await fingerprintOfData()).toEqual(data);
    expect((await get(PORT, `${STACK}.localhost`, "/ready")).status).toBe(200);
    expect(await sql("select count(*) from pg_database where datname ~ '__'")).toBe("0");
  });

  it("leave no way for a consumer into another's database, nor for the backup's role to write", async () => {
    const password = (role: string, file: string, container: string) =>
      docker("exec", name(container), "cat", `/run/secrets/${file}`).then((text) => `postgres://${role}:${text.trim()}@127.0.0.1`);
    const attempt = (url: string, database: string, statement: string) =>
      docker("exec", name("postgres"), "psql", "-XAtq", `${url}/${database}`, "-c", statement).then(
        () => "allowed",
        (error: unknown) => /permission denied[^\n]*/.exec((error as { stderr: string }).stderr)?.[0] ?? String(error),
      );
    const app = await password("apprun", "database-password", "apprun");
    const reader = await password("backup", "database-password", "backup");
    expect(await attempt(app, "apprun", "select 1 from big limit 1")).toBe("allowed");
    expect(await attempt(app, "kratos", "select 1")).toBe('permission denied for database "kratos"');
    expect(await attempt(app, "temporal", "select 1")).toBe('permission denied for database "temporal"');
    expect(await attempt(reader, "kratos", "select 1 from networks")).toBe("allowed");
    expect(await attempt(reader, "apprun", "delete from big where id = 1")).toBe("permission denied for table big");
    expect(await attempt(reader, "apprun", "create table public.mine (a int)")).toBe("permission denied for schema public");
  });

  describe("that cannot be used are refused, and nothing is overwritten", () => {
    const refused = async (message: RegExp) => {
      const { code, stderr } = await project.cli(["restore", "--confirm", STACK]);
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
      expect(await sql("select count(*) from big")).toBe(String(ROWS));
      expect(await sql("select count(*) from pg_database where datname ~ '__'")).toBe("0");
    };
    const PACKS = "$(find /backup/repository/data -type f -size +1000k | sort | head -n 1)";

    it("without a confirmation", async () => {
      expect(await project.cli(["restore"])).toMatchObject({ code: 2, stderr: expect.stringContaining(`--confirm: got ""; allowed: "${STACK}"`) as string });
    });

    it("with a flipped byte", async () => {
      await inBackup(
        `p=${PACKS}; echo "$p" >/tmp/pack; cp -p "$p" /tmp/good; chmod 600 "$p"; printf '\\377\\377\\377\\377' | dd of="$p" bs=1 seek=5000 conv=notrunc`,
      );
      await refused(/the set cannot be read whole|the files of \S+ cannot be restored/);
      await inBackup('cp -p /tmp/good "$(cat /tmp/pack)"');
    });

    it("cut short", async () => {
      await inBackup('p="$(cat /tmp/pack)"; chmod 600 "$p"; truncate -s 1000 "$p"');
      await refused(/the set cannot be read whole|the files of \S+ cannot be restored/);
      const { code, stderr } = await project.cli(["drill"]);
      expect([code, stderr]).toEqual([1, expect.stringContaining("the newest set cannot be read whole")]);
      expect(await inBackup("grep 'success{task=\"drill\"}' /backup-metrics/backup.prom")).toContain(" 0");
      await inBackup('cp -p /tmp/good "$(cat /tmp/pack)"');
    });

    it("of data that other keys encrypted", async () => {
      await inBackup('cp /run/secrets/key-fingerprints.json /tmp/keys && sed -i \'s/"kratos-cipher":"./&0/\' /run/secrets/key-fingerprints.json');
      await refused(/the set's data is encrypted with other keys than this stack has: kratos-cipher/);
      await inBackup("cat /tmp/keys >/run/secrets/key-fingerprints.json");
    });

    it("of a newer schema", async () => {
      const newest = await sql("delete from schema_migration where version = (select max(version) from schema_migration) returning version", "kratos");
      await refused(new RegExp(`the set has schema ${newest} of kratos`));
      await sql(`insert into schema_migration (version) values ('${newest}')`, "kratos");
    });

    it("of a repository that is gone, or has another password", async () => {
      await inBackup("mv /backup/repository /backup/elsewhere");
      expect(await project.cli(["restore", "--confirm", STACK])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("the local repository is not there") as string,
      });
      await inBackup("mv /backup/elsewhere /backup/repository && cp /run/secrets/backup-password /tmp/password && echo other >/run/secrets/backup-password");
      expect(await project.cli(["restore", "--confirm", STACK])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("the local repository has another password") as string,
      });
      expect(await project.cli(["backup"])).toMatchObject({ code: 1, stderr: expect.stringContaining("another password") as string });
      await inBackup("cat /tmp/password >/run/secrets/backup-password");
    });
  });

  it("survive a kill at any point: a backup, and a restore into a running stack", async () => {
    await sql(`delete from big where id > 1000`);
    await ok(["backup"]);
    await sql("create table after_the_backup as select 1 as a");
    for (const milliseconds of [1500, 5000]) {
      const child = project.start(["backup"]);
      const end = finished(child);
      await sleep(milliseconds);
      child.kill("SIGKILL");
      await docker("restart", "-t", "0", name("backup"));
      await end;
    }
    await ok(["backup"]);
    await ok(["drill"]);
    const set = (JSON.parse(await ok(["restore", "--list", "--json"])) as { set: string }[]).at(-2)?.set ?? "";
    for (const milliseconds of [8000, 12_000, 15_000, 18_000, 22_000]) {
      const child = project.start(["restore", "--set", set, "--confirm", STACK]);
      const end = finished(child);
      await sleep(milliseconds);
      child.kill("SIGKILL");
      await docker("rm", "-f", name("restore")).catch(() => "");
      await end;
      await ok(["restore", "--undo"]);
      expect(await sql("select count(*) from big")).toBe("1000");
      expect(await sql("select count(*) from pg_database where datname ~ '__'")).toBe("0");
    }
    await ok(["restore", "--set", set, "--confirm", STACK]);
    expect(await sql("select to_regclass('after_the_backup') is null, (select count(*) from big)")).toBe("t|1000");
    expect((await inApp("find /data/storage -type f | wc -l")).trim()).toBe(String(FILES));
  });
});
