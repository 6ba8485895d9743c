import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupBucket } from "../support/e2e/backup-bucket.ts";
import { docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-645";
const SERVER = "apprun-e2e-s3";
const PORT = 59_000;
const name = (service: string) => `apprun-${STACK}-${service}`;
const SETTINGS = {
  ...SMALL,
  temporal: { enabled: false },
  grafana: { enabled: false },
  prometheus: { enabled: false },
};

describe.skipIf(!(await hasRestic()))("backups with a copy in object storage (skipped without restic 0.17)", () => {
  const project = new TestProject(STACK, SETTINGS);
  let bucket: BackupBucket;
  const sql = async (statement: string) =>
    (await docker("exec", name("postgres"), "psql", "-XAtq", "-U", "postgres", "-d", "apprun", "-c", statement)).trim();
  const metric = async (line: string) =>
    Number(
      (await docker("exec", name("backup"), "grep", "-F", line, "/backup-metrics/backup.prom"))
        .trim()
        .split(" ")
        .at(-1),
    );

  beforeAll(async () => {
    await wipe(STACK);
    bucket = await BackupBucket.start(SERVER, PORT, project);
    const remote = bucket.remote();
    project.configure({ ...SETTINGS, backup: { enabled: true, remote } });
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
  });
  afterAll(async () => {
    await bucket.remove();
    await wipe(STACK);
  });

  it("upload every set, and prove what was uploaded", async () => {
    await sql("create table kept as select generate_series(1, 1000) as a");
    const backup = await project.cli(["backup", "--json"]);
    expect(backup.code, backup.stderr).toBe(0);
    expect(JSON.parse(backup.stdout)).toMatchObject({ repositories: ["local", "remote"] });
    const drill = await project.cli(["drill", "--json"]);
    expect(drill.code, drill.stderr).toBe(0);
    expect(JSON.parse(drill.stdout)).toMatchObject({ repository: "remote", databases: { apprun: { rows: 1000 } } });
    expect(backup.stdout + backup.stderr + drill.stdout + drill.stderr).not.toContain(BackupBucket.secret);
    expect(await docker("inspect", name("backup"))).not.toContain(BackupBucket.secret);
  });

  it("fail when the upload fails, though the local set is good", async () => {
    const [local, remote] = [
      await metric('last_success_timestamp_seconds{repository="local"}'),
      await metric('last_success_timestamp_seconds{repository="remote"}'),
    ];
    await docker("stop", "-t", "1", SERVER);
    const { code, stderr } = await project.cli(["backup"]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /failed: the remote repository at s3:https:\S+ (does not answer within 60 s|cannot be opened)/,
      ),
    ]);
    expect(await metric('last_success_timestamp_seconds{repository="local"}')).toBeGreaterThan(local);
    expect(await metric('last_success_timestamp_seconds{repository="remote"}')).toBe(remote);
    expect(await metric('success{task="backup"}')).toBe(0);
    await docker("start", SERVER);
  });

  it("bring everything back from there when the local repository is gone", async () => {
    await docker("exec", name("backup"), "rm", "-rf", "/backup/repository");
    await sql("drop table kept");
    await vi.waitFor(() => bucket.inside("nc -z 127.0.0.1 9000"), { timeout: 30_000, interval: 500 });
    const { code, stderr } = await project.cli(["restore", "--repository", "remote", "--confirm", STACK]);
    expect(code, stderr).toBe(0);
    expect(await sql("select count(*) from kept")).toBe("1000");
  });
});
