import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { docker, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-646";
const OFF = { enabled: false };
const stack = new BackupStack(STACK, { temporal: OFF, grafana: OFF, prometheus: OFF });
const CONFIRM = ["--confirm", STACK];
const restored = () => stack.sql("select to_regclass('after_the_backup') is null");

describe.skipIf(!(await hasRestic()))(
  "a restore after which a service is not healthy (skipped without restic 0.17)",
  () => {
    let old: Awaited<ReturnType<BackupStack["fingerprint"]>>;

    beforeAll(async () => {
      await stack.fill(2000, 10);
      await stack.ok(["backup"]);
      await stack.sql("create table after_the_backup as select 1 as a; delete from big where id % 2 = 0");
      await stack.inApp("echo new >/data/storage/new");
      old = await stack.fingerprint();
    });
    afterAll(() => wipe(STACK));

    /** A service whose container is missing is neither stopped nor started. */
    async function restoreWithoutKratos(): Promise<void> {
      await docker("rm", "-f", stack.name("kratos"));
      const { code, stderr } = await stack.project.cli(["restore", ...CONFIRM]);
      expect([code, stderr]).toEqual([1, expect.stringContaining("is in place and the old data is kept")]);
      expect(stderr).toContain(`kratos (container ${stack.name("kratos")}) is missing`);
      expect(await restored()).toBe("t");
      expect(await stack.leftovers()).toContain("apprun__before");
    }

    it("keeps the old data, and nothing else goes on until somebody chooses", async () => {
      await restoreWithoutKratos();
      for (const command of [["up"], ["restore", ...CONFIRM]])
        expect(await stack.project.cli(command)).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(/--finish.*--undo/s) as string,
        });
      expect(await stack.leftovers()).toContain("apprun__before");
    });

    it("puts the old data back with --undo, and the next update makes what is missing", async () => {
      const { code, stderr } = await stack.project.cli(["restore", "--undo", ...CONFIRM]);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(`kratos (container ${stack.name("kratos")}) is missing`),
      ]);
      await stack.ok(["up"]);
      expect(await stack.fingerprint()).toEqual(old);
      expect(await stack.leftovers()).toBe("none");
    });

    it("keeps the restored data with --finish", async () => {
      await restoreWithoutKratos();
      await stack.ok(["restore", "--finish", ...CONFIRM]);
      expect(await stack.leftovers()).toBe("none");
      await stack.ok(["up"]);
      expect(await restored()).toBe("t");
    });
  },
);
