import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { docker, get, wipe } from "../support/e2e/e2e.ts";
import { getAsOperator } from "../support/e2e/operators.ts";

const STACK = "pr-641";
const PORT = 10_641;
const OTHER = "pr-646";
const ROWS = Number(process.env["BACKUP_TEST_ROWS"] ?? 1_000_000);
const FILES = 500;
const stack = new BackupStack(STACK);
const other = new BackupStack(OTHER, {}, stack.project);
const stateFile = join(stack.project.directory, "saved.state.json");

describe.skipIf(!(await hasRestic()))("backups on a real Docker Engine (skipped without restic 0.17)", () => {
  let data: Awaited<ReturnType<BackupStack["fingerprint"]>>;

  beforeAll(async () => {
    rmSync(stateFile, { force: true });
    await wipe(OTHER);
    await stack.fill(ROWS, FILES);
    data = await stack.fingerprint();
  });
  afterAll(async () => {
    await wipe(STACK);
    await wipe(OTHER);
  });

  it("take a million rows and 500 files, prove them, and show it to Prometheus", async () => {
    const backup = JSON.parse(await stack.ok(["backup", "--json"])) as {
      seconds: number;
      manifest: {
        databases: Record<string, { tables: Record<string, { rows: number }> }>;
        trees: Record<string, { files: number }>;
      };
    };
    expect(backup.manifest.databases["apprun"]?.tables["public.big"]?.rows).toBe(ROWS);
    expect(backup.manifest.trees["apprun-storage"]?.files).toBe(FILES);
    const drill = JSON.parse(await stack.ok(["drill", "--json"])) as {
      rtoSeconds: number;
      rpoSeconds: number;
      databases: Record<string, { rows: number }>;
    };
    expect(drill.databases["apprun"]?.rows).toBeGreaterThanOrEqual(ROWS);
    console.log(`backup ${backup.seconds} s, drill RTO ${drill.rtoSeconds} s, RPO ${drill.rpoSeconds} s`);
    expect(
      await stack.inBackup(
        "PATH=/opt/backup-tools:$PATH RESTIC_PASSWORD_FILE=/run/secrets/backup-password restic --repo /backup/repository --no-cache ls latest",
      ),
    ).toContain("/backup/work/set/config/kratos/etc/config/kratos/kratos.yml");
    const query = async (metric: string) => {
      const { body } = await getAsOperator(
        stack.project,
        PORT,
        `prometheus.${STACK}.localhost`,
        `/api/v1/query?query=time()-${metric}`,
      );
      return Number((JSON.parse(body) as { data: { result: { value: [number, string] }[] } }).data.result[0]?.value[1]);
    };
    for (const metric of [
      "apprun_backup_last_success_timestamp_seconds",
      "apprun_backup_last_proven_timestamp_seconds",
    ])
      await expect.poll(() => query(metric), { timeout: 60_000, interval: 2000 }).toBeLessThan(600);
  });

  it("bring everything back into a stack whose data was destroyed, with the state that has its keys", async () => {
    await stack.ok(["state", "backup", "--out", stateFile]);
    await stack.ok(["destroy", "--remove-data", "--keep-backups", "--confirm", STACK]);
    expect((await docker("volume", "ls", "-q", "--filter", `label=io.apprun.stack=apprun/${STACK}`)).trim()).toBe(
      stack.name("backups"),
    );
    const { code, stderr } = await stack.project.cli(["up"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`data volumes that this state did not make: ${stack.name("backups")}`),
    ]);
    await stack.ok(["state", "restore", stateFile, "--confirm", STACK]);
    const gone = await stack.project.cli(["up"]);
    expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining("data volumes of the state are gone from")]);
    await stack.ok(["up", "--data-is-lost", "--confirm", STACK]);
    expect(await stack.sql("select to_regclass('big') is null")).toBe("t");
    console.log(await stack.ok(["restore", "--confirm", STACK]));
    expect(await stack.fingerprint()).toEqual(data);
    expect((await get(PORT, `${STACK}.localhost`, "/ready")).status).toBe(200);
    expect(await stack.leftovers()).toBe("none");
  });

  it("bring a set back into the running stack, which loses what came after it", async () => {
    await stack.sql("create table after_the_backup as select 1 as a; delete from big where id % 2 = 0");
    await stack.inApp(
      'rm "/data/storage/many/file 7" && echo other >"/data/storage/many/file 8" && echo new >/data/storage/new',
    );
    const result = JSON.parse(await stack.ok(["restore", "--confirm", STACK, "--json"])) as {
      seconds: number;
      downtimeSeconds: number;
    };
    console.log(`restored in ${result.seconds} s, down for ${result.downtimeSeconds} s`);
    expect(await stack.fingerprint()).toEqual(data);
    expect(await stack.sql("select to_regclass('after_the_backup') is null")).toBe("t");
    expect((await stack.project.cli(["up"])).stdout).toContain("healthy");
  });

  it("bring a set into another stack, once that has the keys", async () => {
    await other.ok(["up"]);
    const refused = await other.project.cli(["restore", "--from", STACK, "--confirm", OTHER]);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining("other keys than this stack has: apprun-encryption-key, kratos-cipher"),
    ]);
    expect(await other.sql("select to_regclass('big') is null")).toBe("t");
    await other.ok(["keys", "--from", STACK, "--confirm", OTHER]);
    await other.ok(["up"]);
    expect(JSON.parse(await other.ok(["restore", "--from", STACK, "--list", "--json"]))).toHaveLength(1);
    await other.ok(["restore", "--from", STACK, "--confirm", OTHER]);
    expect(await other.fingerprint()).toEqual(data);
    expect(await stack.fingerprint()).toEqual(data);
    expect((await get(PORT + 5, `${OTHER}.localhost`, "/ready")).status).toBe(200);
  });

  it("leave no way for a consumer into another's database, nor for the backup's role to write", async () => {
    const password = (role: string, file: string, container: string) =>
      docker("exec", stack.name(container), "cat", `/run/secrets/${file}`).then(
        (text) => `postgres://${role}:${text.trim()}@127.0.0.1`,
      );
    const attempt = (url: string, database: string, statement: string) =>
      docker("exec", stack.name("postgres"), "psql", "-XAtq", `${url}/${database}`, "-c", statement).then(
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
    expect(await attempt(reader, "apprun", "create table public.mine (a int)")).toBe(
      "permission denied for schema public",
    );
  });
});
