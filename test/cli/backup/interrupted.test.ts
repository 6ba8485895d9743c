import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { clearRestoreMark, markRestore, refuseInterruptedRestore } from "../../../cli/backup/interrupted.ts";

it("a restore that was killed while it swapped holds up what comes after it, until it is undone", () => {
  const directory = mkdtempSync(join(tmpdir(), "restore-"));
  const [mine, other] = ["dev", "test"].map((stack) => ({ directory, stack }) as const);
  if (mine === undefined || other === undefined) throw new Error("two stacks");
  refuseInterruptedRestore(mine);
  markRestore(mine, "20261121T023000Z");
  expect(() => {
    refuseInterruptedRestore(mine);
  }).toThrow(
    "stack dev: the restore of set 20261121T023000Z was interrupted; allowed: an update once the old data is back; nothing was changed; run: npm run restore -- --undo --stack dev",
  );
  refuseInterruptedRestore(other);
  clearRestoreMark(mine);
  refuseInterruptedRestore(mine);
});
