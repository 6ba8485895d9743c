import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupBucket } from "../support/e2e/backup-bucket.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { TestProject, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-648";
const SERVER = "apprun-e2e-bare";
const PORT = 59_001;
/** Rows of about 150 bytes each, indexes included; APPRUN_E2E_ROWS=7000000 is a gigabyte. */
const ROWS = Number(process.env["APPRUN_E2E_ROWS"] ?? "50000");
const SETTINGS = {
  temporal: { enabled: false },
  prometheus: { enabled: false },
  grafana: { enabled: false },
  postgres: { storage: "4Gi", resources: { requests: { memory: "128Mi" }, limits: { memory: "512Mi" } } },
};

describe.skipIf(!(await hasRestic()))("a bare host (skipped without restic 0.17)", () => {
  const lost = new BackupStack(STACK, SETTINGS);
  let after: TestProject;
  let bucket: BackupBucket;
  let address: string;
  let fingerprint: Awaited<ReturnType<BackupStack["fingerprint"]>>;
  const own = (name: string) => join(after.directory, name);
  const init = (more: readonly string[] = [], env: NodeJS.ProcessEnv = BackupBucket.environment) =>
    after.cli(["init", "--from-backup", address, "--ca", own("ca.crt"), "--confirm", STACK, ...more], env);

  beforeAll(async () => {
    await wipe(STACK);
    bucket = await BackupBucket.start(SERVER, PORT, lost.project);
    address = `${bucket.endpoint}/backups/hosts/one`;
    lost.configureRemote(bucket.remote("hosts/one"));
    await lost.fill(ROWS, 40);
    fingerprint = await lost.fingerprint();
  });
  afterAll(async () => {
    await bucket.remove();
    await wipe(STACK);
  });

  it("finds the state in the bucket after every up, encrypted", async () => {
    expect(lost.project.output).toMatch(
      /the state is in bucket backups too, encrypted: hosts\/one\/apprun\/pr-648-state\//,
    );
    const stored = await bucket.inside("find /data/backups/hosts/one/apprun/pr-648-state -type f -exec cat {} +");
    expect(stored).toContain("age-encryption.org");
    expect(stored).not.toContain("encryptionsalt");
    const findings = await lost.project.cli(["doctor"]);
    expect(findings.stdout).not.toContain("no copy of the engine's state");
    expect(findings.stdout).toContain("bucket backups keeps no old versions");
  });

  it("is refused a bucket that has the state and no set of backups", async () => {
    after = new TestProject(STACK, {}, `${STACK}-after`);
    mkdirSync(own(".apprun"));
    copyFileSync(join(lost.project.directory, ".apprun", "passphrase"), own(".apprun/passphrase"));
    writeFileSync(own("ca.crt"), bucket.certificate);
    const { code, stderr } = await init();
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("the repository at hosts/one/apprun/pr-648 has no backup set"),
    ]);
  });

  it("has the whole stack again with one command", async () => {
    await lost.ok(["backup"]);
    await wipe(STACK);
    const start = performance.now();
    const { code, stdout, stderr } = await init();
    const minutes = (performance.now() - start) / 60_000;
    expect(code, stderr).toBe(0);
    console.log(`${ROWS} rows: healthy after ${minutes.toFixed(1)} minutes: ${stdout.trim().split("\n").at(-1) ?? ""}`);
    expect(await lost.fingerprint()).toEqual(fingerprint);
    expect(stdout + stderr).not.toContain(BackupBucket.secret);
    const again = await after.cli(["up"]);
    expect(again.stderr).toMatch(/Resources:\s+\d+ unchanged/);
    expect((await after.cli(["backup"])).code).toBe(0);
  });

  it("is not brought back over a stack that is here", async () => {
    const { code, stderr } = await init();
    expect([code, stderr]).toEqual([2, expect.stringMatching(/the state here has \d+ resources of it/)]);
  });
});
