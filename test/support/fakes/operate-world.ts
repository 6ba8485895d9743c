import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { OperateSystem } from "../../../cli/commands/operate.ts";
import type { Project } from "../../../cli/kit/project.ts";
import { settingsOf, stackOf } from "../record/stacks.ts";
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
): Promise<{ readonly system: OperateSystem; readonly operations: FakeOperations; readonly project: Project }> {
  const operations = new FakeOperations(args);
  const project: Project = {
    directory: mkdtempSync(join(tmpdir(), "operate-")),
    stack: "dev",
    settings: settingsOf(settings),
    recording: await recordingOf(settings),
  };
  return {
    operations,
    project,
    system: {
      loadProject: () => Promise.resolve(project),
      createRuntime: () => Promise.resolve({ require: () => Promise.resolve(), operations }),
    },
  };
}
