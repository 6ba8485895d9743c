import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  clearRestoreMark,
  markRestore,
  refuseInterruptedRestore,
  unfinishedRestore,
  type RestorePhase,
} from "../../../cli/backup/interrupted.ts";

const SET = "20261121T023000Z";
const place = (stack: string) => ({ directory: mkdtempSync(join(tmpdir(), "restore-")), stack });

it.each<[RestorePhase, string]>([
  [
    "swapping",
    "was interrupted; allowed: this once the old data is back; nothing was changed; run: npm run restore -- --undo --stack dev",
  ],
  [
    "in place",
    "is not finished: the old data is still there; allowed: this once one of them is removed; nothing was changed; " +
      "to keep the restored data run: npm run restore -- --finish --stack dev; to put the old data back: npm run restore -- --undo --stack dev",
  ],
  [
    "finishing",
    "is not finished: part of the old data is still there; allowed: this once it is removed; nothing was changed; run: npm run restore -- --finish --stack dev",
  ],
])("a restore that is not finished holds up what comes after it: %s", (phase, message) => {
  const mine = place("dev");
  refuseInterruptedRestore(mine);
  markRestore(mine, SET, phase);
  expect(unfinishedRestore(mine)).toEqual({ set: SET, phase });
  expect(() => {
    refuseInterruptedRestore(mine);
  }).toThrow(`stack dev: the restore of set ${SET} ${message}`);
  refuseInterruptedRestore({ ...mine, stack: "test" });
  clearRestoreMark(mine);
  refuseInterruptedRestore(mine);
});

it("a mark that names no phase is of a restore that was killed while it swapped", () => {
  const mine = place("dev");
  markRestore(mine, SET, "in place");
  writeFileSync(join(mine.directory, ".apprun", "restoring-dev"), SET);
  expect(unfinishedRestore(mine)).toEqual({ set: SET, phase: "swapping" });
});
