import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RestoreMarks } from "../../../cli/backup/host.ts";
import type { OperateSystem } from "../../../cli/commands/operate.ts";
import type { Project } from "../../../cli/kit/project.ts";
import type { Holder } from "../../../cli/runtime/lock/holder.ts";
import { settingsOf, stackOf } from "../record/stacks.ts";
import { fakeMarks } from "./restore-marks.ts";
import { fakeLock } from "./runtime.ts";
import { FakeOperations, type FakeOperationsArgs } from "./operations.ts";

/** Options that every command gets. */
export const DEV = { stack: "dev", cwd: "." } as const;

const recordings = new Map<string, Promise<Project["recording"]>>();

/** One recording for all tests with the same settings: it takes a second. */
function recordingOf(settings: Record<string, unknown>): Promise<Project["recording"]> {
  const key = JSON.stringify(settings);
  const known = recordings.get(key) ?? stackOf(settings);
  recordings.set(key, known);
  return known;
}

/** A stack of these settings whose services run in a fake. */
export async function operateWorld(
  args: FakeOperationsArgs,
  settings: Record<string, unknown> = {},
  holder?: Holder,
  otherPlace?: Error,
): Promise<{
  readonly system: OperateSystem;
  readonly operations: FakeOperations;
  readonly marks: RestoreMarks;
  readonly lock: ReturnType<typeof fakeLock>;
}> {
  const operations = new FakeOperations(args);
  const project: Project = {
    directory: mkdtempSync(join(tmpdir(), "operate-")),
    stack: "dev",
    settings: settingsOf(settings),
    recording: await recordingOf(settings),
  };
  const marks = fakeMarks();
  const lock = fakeLock(holder);
  return {
    operations,
    marks,
    lock,
    system: {
      loadProject: () => Promise.resolve(project),
      createRuntime: () =>
        Promise.resolve({
          require: () => Promise.resolve(),
          guardPlace: () => (otherPlace === undefined ? Promise.resolve() : Promise.reject(otherPlace)),
          operations,
          lock: () => lock,
        }),
      knownState: () => Promise.resolve({}),
      openBackupHost: () => Promise.resolve({ marks }),
    },
  };
}
