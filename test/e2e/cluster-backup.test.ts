import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasImage } from "../support/e2e/available.ts";
import { BackupBucket } from "../support/e2e/backup-bucket.ts";
import { hasCluster, kubectl, LITTLE, SMALL_CLUSTER, wipeCluster } from "../support/e2e/cluster.ts";
import { docker, SMALL, TestProject } from "../support/e2e/e2e.ts";
import { queryIn } from "../support/e2e/prometheus.ts";
import { MINIO } from "../support/e2e/servers.ts";
import { finished } from "../support/run/process.ts";

const STACK = "pr-671";
const NAMESPACE = `apprun-${STACK}`;
const ROWS = Number(process.env["BACKUP_TEST_ROWS"] ?? 200_000);
const FILES = 100;
const SERVER = "apprun-e2e-cluster-s3";
const PORT = 59_003;
const SETTINGS = {
  ...SMALL_CLUSTER,
  temporal: { enabled: false },
  prometheus: { ...SMALL.prometheus, resources: LITTLE },
  backup: { enabled: true },
};
const project = new TestProject(STACK, SETTINGS);
const inNamespace = (...args: string[]) => kubectl("--namespace", NAMESPACE, ...args);
const sql = async (statement: string, database = "apprun") =>
  (
    await inNamespace(
      "exec",
      "postgres-0",
      "--",
      "psql",
      "-XAtq",
      "-h",
      "/var/run/postgresql",
      "-U",
      "postgres",
      "-d",
      database,
      "-c",
      statement,
    )
  ).trim();
const inApp = (script: string) => inNamespace("exec", "deployment/apprun", "--", "sh", "-c", script);

/** Count and checksum of the rows and of the files, made by other means than the backup's own. */
async function fingerprintOfData() {
  return {
    rows: await sql("select count(*) || ':' || md5(string_agg(md5(big::text), '' order by id)) from big"),
    identities: await sql("select count(*) from networks", "kratos"),
    files: (
      await inApp(
        "cd /data/storage && find . -type f | wc -l && find . -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum",
      )
    ).trim(),
    owners: (
      await inApp("cd /data/storage && find . -mindepth 1 -printf '%M %U:%G %p\\n' | LC_ALL=C sort | sha256sum")
    ).trim(),
  };
}

async function ok(args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await project.cli(args);
  expect(code, stderr).toBe(0);
  return { stdout, stderr };
}

/** What one of the pods of the stack may do there, asked of the server. */
const mayConnect = (role: string, database: string) =>
  sql(`select has_database_privilege('${role}', '${database}', 'connect')`);

async function destroyData(): Promise<void> {
  await sql("drop table big; create table made_later as select 1 as a");
  await inApp("rm -rf /data/storage/many && echo other >/data/storage/other");
}

const hasBucket = await hasImage(MINIO);

describe.skipIf(!(await hasCluster()))("backups on a real cluster (skipped without one)", () => {
  let data: Awaited<ReturnType<typeof fingerprintOfData>>;
  let settings: Record<string, unknown> = SETTINGS;

  beforeAll(async () => {
    await wipeCluster(NAMESPACE);
    if (hasBucket) {
      await docker("rm", "-f", "-v", SERVER).catch(() => "there was none");
      const bucket = await BackupBucket.start(SERVER, PORT, project);
      settings = {
        ...SETTINGS,
        backup: { enabled: true, remote: bucket.remote() },
        ...bucket.reachedByPods,
      };
      project.configure(settings);
    }
    await ok(["up"]);
    await project.rememberSalt();
    await sql(`create table big as select g as id, md5(g::text) as a, g::float8 / 7 as f, timestamptz 'epoch' + g * interval '1 s' as at
      from generate_series(1, ${ROWS}) g; alter table big add primary key (id); alter table big owner to apprun`);
    await inApp(`mkdir -p /data/storage/many && for i in $(seq ${FILES}); do head -c $((i * 200)) /dev/urandom >"/data/storage/many/file $i"; done
      chmod 640 "/data/storage/many/file 1"`);
    data = await fingerprintOfData();
  });
  afterAll(async () => {
    if (hasBucket) await docker("rm", "-f", "-v", SERVER);
    await wipeCluster(NAMESPACE);
  });

  it("are taken and proven as a user that is not root, and Prometheus sees it", async () => {
    const backup = JSON.parse((await ok(["backup", "--json"])).stdout) as {
      seconds: number;
      manifest: {
        databases: Record<string, { tables: Record<string, { rows: number }> }>;
        trees: Record<string, { files: number }>;
      };
    };
    expect(backup.manifest.databases["apprun"]?.tables["public.big"]?.rows).toBe(ROWS);
    expect(backup.manifest.trees["apprun-storage"]?.files).toBe(FILES);
    const drill = JSON.parse((await ok(["drill", "--json"])).stdout) as {
      rtoSeconds: number;
      rpoSeconds: number;
      databases: Record<string, { rows: number }>;
    };
    expect(drill.databases["apprun"]?.rows).toBeGreaterThanOrEqual(ROWS);
    console.log(`backup ${backup.seconds} s, drill RTO ${drill.rtoSeconds} s, RPO ${drill.rpoSeconds} s`);
    const age = async (metric: string) => Number((await queryIn(NAMESPACE, `time()-${metric}`))[0]?.value[1]);
    for (const metric of [
      "apprun_backup_last_success_timestamp_seconds",
      "apprun_backup_last_proven_timestamp_seconds",
    ])
      await expect.poll(() => age(metric), { timeout: 60_000, interval: 2000 }).toBeLessThan(600);
  });

  it("run by schedule as well", async () => {
    await inNamespace("create", "job", "--from=cronjob/backup-drill", "by-schedule");
    await inNamespace("wait", "--for=condition=complete", "job/by-schedule", "--timeout=120s");
    expect(await inNamespace("logs", "job/by-schedule")).toMatch(/set proven in \d+ s\n$/);
  });

  it("fail by name on a file that nobody else may read, and keep the databases", async () => {
    const sets = async () => (JSON.parse((await ok(["restore", "--list", "--json"])).stdout) as unknown[]).length;
    const before = await sets();
    await inApp("touch /data/storage/closed && chmod 600 /data/storage/closed");
    const { code, stderr } = await project.cli(["backup"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        'has all databases, and not the files of: apprun-storage (files that the backup may not read: "./closed"; allowed: ',
      ),
    ]);
    expect(await sets()).toBe(before + 1);
    await inApp("rm /data/storage/closed");
  });

  it("bring every row, file, owner and mode back, and the next up changes nothing", async () => {
    await destroyData();
    console.log((await ok(["restore", "--confirm", STACK])).stdout);
    expect(await fingerprintOfData()).toEqual(data);
    expect(
      await sql("select to_regclass('made_later') is null, (select count(*) from pg_database where datname ~ '__')"),
    ).toBe("t|0");
    expect(await mayConnect("monitoring", "kratos")).toBe("t");
    expect(await inNamespace("get", "secrets", "--output", "name")).not.toContain("backup-restore");
    const { stderr } = await ok(["up"]);
    expect(stderr).toMatch(/(\d+) unchanged/);
    expect(stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
  });

  it.skipIf(!hasBucket)("come back from object storage alone (skipped without an image of MinIO)", async () => {
    const { repositories } = JSON.parse((await ok(["backup", "--json"])).stdout) as { repositories: string[] };
    expect(repositories).toEqual(["local", "remote"]);
    const drill = JSON.parse((await ok(["drill", "--repository", "remote", "--json"])).stdout) as object;
    expect(drill).toMatchObject({ repository: "remote" });
    await destroyData();
    await ok(["restore", "--repository", "remote", "--confirm", STACK]);
    expect(await fingerprintOfData()).toEqual(data);
  });

  it("survive a restore that is killed: the old data is put back", async () => {
    await destroyData();
    for (const seconds of [25, 45]) {
      const child = project.start(["restore", "--confirm", STACK]);
      const end = finished(child);
      await sleep(seconds * 1000);
      child.kill("SIGKILL");
      await end;
      // A Job that was begun goes on without the command line.
      await expect
        .poll(() => inNamespace("get", "jobs", "--output", "jsonpath={.items[?(@.status.active==1)].metadata.name}"), {
          timeout: 120_000,
        })
        .toBe("");
      await ok(["restore", "--undo"]);
      expect(await sql("select a from made_later")).toBe("1");
      expect(await inApp("ls /data/storage")).toBe("other\n");
      expect(await sql("select count(*) from pg_database where datname ~ '__'")).toBe("0");
    }
    await ok(["restore", "--confirm", STACK]);
    expect(await fingerprintOfData()).toEqual(data);
  });

  it("are taken before a new version of what touches data, and a restore keeps no claim to the number of replicas", async () => {
    project.configure({
      ...settings,
      app: { ...SETTINGS.app, replicas: 2 },
      images: { pins: { ...SETTINGS.images.pins, apprun: { tag: "1.1.0" } } },
    });
    const { stderr } = await ok(["up"]);
    expect(stderr).toMatch(/taking a backup before new versions of apprun\n[^]*set \d{8}T\d{6}Z is complete/);
    expect(await inNamespace("get", "deployment", "apprun", "--output", "jsonpath={.status.readyReplicas}")).toBe("2");
  });
});
