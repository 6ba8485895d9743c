import { expect, it } from "vitest";
import {
  clearRestoreMark,
  markRestore,
  refuseInterruptedRestore,
  refuseWhileRestoring,
  unfinishedRestore,
  type RestorePhase,
} from "../../../cli/backup/interrupted.ts";
import { fakeMarks } from "../../support/fakes/restore-marks.ts";
import { settingsOf } from "../../support/record/stacks.ts";

const SET = "20261121T023000Z";
const DEV = { stack: "dev" };

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
])("a restore that is not finished holds up what comes after it: %s", async (phase, message) => {
  const host = { marks: fakeMarks() };
  await refuseInterruptedRestore(DEV, host);
  await markRestore(host, SET, phase);
  expect(await unfinishedRestore(host)).toEqual({ set: SET, phase });
  await expect(refuseInterruptedRestore(DEV, host)).rejects.toThrow(`stack dev: the restore of set ${SET} ${message}`);
  await clearRestoreMark(host);
  await refuseInterruptedRestore(DEV, host);
});

it("a mark that names no phase is of a restore that was killed while it swapped", async () => {
  expect(await unfinishedRestore({ marks: fakeMarks(SET) })).toEqual({ set: SET, phase: "swapping" });
});

it("a stack without backups has no restore, and nobody is asked", async () => {
  const project = (enabled: boolean) =>
    ({ ...DEV, settings: settingsOf({ backup: { enabled } }) }) as Parameters<typeof refuseWhileRestoring>[0];
  const host = () => Promise.resolve({ marks: fakeMarks(SET) });
  await refuseWhileRestoring(project(false), host);
  await expect(refuseWhileRestoring(project(true), host)).rejects.toThrow(`the restore of set ${SET} was interrupted`);
});
