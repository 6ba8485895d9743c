import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AcknowledgedWriter } from "../support/e2e/acknowledged-writer.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { docker, SMALL, wipe } from "../support/e2e/e2e.ts";
import { killDuring } from "../support/e2e/kill.ts";
import { random } from "../support/e2e/random.ts";

const STACK = "pr-650";
const SEED = Number(process.env["APPRUN_E2E_SEED"] ?? "1");
const off = { enabled: false };
const settings = (major: number, upgradeFrom?: number) => ({
  images: { pins: { ...SMALL.images.pins, postgres: { tag: `${major}-alpine` } } },
  postgres: { ...SMALL.postgres, ...(upgradeFrom !== undefined && { upgradeFrom }) },
  backup: off,
  temporal: off,
  prometheus: off,
  grafana: off,
});

describe("an upgrade of PostgreSQL that is killed again and again", () => {
  const stack = new BackupStack(STACK, settings(15));
  const writer = new AcknowledgedWriter(stack);
  const next = random(SEED);

  beforeAll(async () => {
    await stack.fill(200_000, 0);
    await stack.project.rememberSalt();
    await writer.start();
  });
  afterAll(async () => {
    await writer.stop();
    await wipe(STACK);
  });

  it("is refused while a superuser connects again and again, and the old server is open again", async () => {
    stack.project.configure({ ...SMALL, ...settings(17, 15) });
    const inServer = (...args: string[]) => docker("exec", ...args);
    const again = 'until [ -e /tmp/stop ]; do psql -XAtq -U postgres -c "select pg_sleep(1000)"; done';
    await inServer("-d", stack.name("postgres"), "sh", "-c", again);
    const { code, stderr } = await stack.project.cli(["up"]);
    await inServer(stack.name("postgres"), "touch", "/tmp/stop");
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /somebody connects again and again: role postgres from the server's own container; allowed/,
      ),
    ]);
    expect((await writer.missing()).missing).toEqual([]);
  });

  it("is completed by the next up, with every acknowledged row", async () => {
    stack.project.configure({ ...SMALL, ...settings(17, 15) });
    let kills = 0;
    for (; kills < 5; kills += 1) {
      const milliseconds = Math.round(next() * 15_000);
      const { ended, code } = await killDuring(stack.project, ["up"], { after: /upgrading PostgreSQL/, milliseconds });
      const { acknowledged, missing } = await writer.missing().catch(() => ({ acknowledged: 0, missing: [] }));
      console.log(
        `| up, upgrading for ${milliseconds} ms${ended ? ` (had ended with ${code})` : ""} | ${missing.length} of ${acknowledged} |`,
      );
      if (ended) break;
    }
    expect(kills).toBeGreaterThan(0);
    await stack.ok(["up"]);
    expect(await stack.sql("show server_version_num")).toMatch(/^17/);
    const { acknowledged, missing } = await writer.missing();
    console.log(`| the last up | ${missing.length} of ${acknowledged} |`);
    expect(missing).toEqual([]);
    expect(acknowledged).toBeGreaterThan(50);
    expect(await stack.sql("select count(*) from big")).toBe("200000");
  });
});
