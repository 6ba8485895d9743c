import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AcknowledgedWriter } from "../support/e2e/acknowledged-writer.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { SMALL, wipe } from "../support/e2e/e2e.ts";
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

  it("is completed by the next up, with every acknowledged row", async () => {
    stack.project.configure({ ...SMALL, ...settings(17, 15) });
    for (let kill = 0; kill < 5; kill += 1) {
      const milliseconds = Math.round(8000 + next() * 30_000);
      const { ended, code } = await killDuring(stack.project, ["up"], { milliseconds });
      const { acknowledged, missing } = await writer.missing().catch(() => ({ acknowledged: 0, missing: [] }));
      console.log(
        `| up after ${milliseconds} ms${ended ? ` (had ended with ${code})` : ""} | ${missing.length} of ${acknowledged} |`,
      );
      if (ended) break;
    }
    await stack.ok(["up"]);
    expect(await stack.sql("show server_version_num")).toMatch(/^17/);
    const { acknowledged, missing } = await writer.missing();
    console.log(`| the last up | ${missing.length} of ${acknowledged} |`);
    expect(missing).toEqual([]);
    expect(acknowledged).toBeGreaterThan(50);
    expect(await stack.sql("select count(*) from big")).toBe("200000");
  });
});
