import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { clearDeadLock, lockOwners } from "../../../cli/engine/lock.ts";
import { captured } from "../../support/fakes/terminal.ts";

beforeEach(() => vi.stubEnv("PULUMI_BACKEND_URL", undefined));
afterEach(() => vi.unstubAllEnvs());

const gone = spawnSync("true").pid;
const now = new Date().toISOString();

/** A project whose state has these locks, at a place of its own where that is given. */
function withLocks(locks: readonly object[], state?: string) {
  const directory = mkdtempSync(join(tmpdir(), "lock-"));
  const folder = join(state ?? join(directory, ".apprun/state"), ".pulumi/locks/organization/apprun/dev");
  mkdirSync(folder, { recursive: true });
  const files = locks.map((lock, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, JSON.stringify(lock));
    return file;
  });
  return { project: { directory, stack: "dev", settings: { identity: { project: "apprun", stack: "dev" } } }, files };
}

it.each<[string, object, boolean]>([
  ["of this process", { pid: process.pid, hostname: hostname(), timestamp: now }, true],
  ["of a process that is gone", { pid: gone, hostname: hostname(), timestamp: now }, false],
  [
    "of a process whose number another one got since, such as after a reboot",
    { pid: process.pid, hostname: hostname(), timestamp: "2020-01-01T00:00:00Z" },
    false,
  ],
  ["of another machine", { pid: gone, hostname: "elsewhere", timestamp: now }, true],
])("a lock %s counts as it should", (_, lock, alive) => {
  expect(lockOwners(withLocks([lock]).project).map((owner) => owner.alive)).toEqual([alive]);
});

it("a lock of an engine that another user runs is alive", () => {
  const { project } = withLocks([{ pid: gone, hostname: hostname(), timestamp: now }]);
  vi.spyOn(process, "kill").mockImplementation(() => {
    throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
  });
  expect(lockOwners(project)[0]?.alive).toBe(true);
  vi.restoreAllMocks();
});

it("takes away dead locks and no other, and refuses where one is alive", async () => {
  const dead = withLocks([{ pid: gone, hostname: hostname(), timestamp: now }]);
  const { stderr } = await captured(() => {
    clearDeadLock(dead.project);
    return Promise.resolve();
  });
  expect(stderr).toBe(`unlocking: process ${gone}, which held the lock of the state, is gone\n`);
  expect(dead.files.map((file) => existsSync(file))).toEqual([false]);

  const both = withLocks([
    { pid: gone, hostname: hostname(), timestamp: now },
    { pid: 7, hostname: "elsewhere", username: "alice", timestamp: now },
  ]);
  expect(() => {
    clearDeadLock(both.project);
  }).toThrow(
    `stack dev: the engine works on it: process 7 of alice on elsewhere since ${now}; allowed: one at a time; nothing was changed: wait for its end, or where it is gone: npm run state -- unlock --stack dev`,
  );
  expect(both.files.map((file) => existsSync(file))).toEqual([true, true]);
});

it("looks where the state is: in the directory of a backend, and nowhere for one that only the engine sees", () => {
  const state = mkdtempSync(join(tmpdir(), "state-"));
  const { project } = withLocks([{ pid: process.pid, hostname: hostname(), timestamp: now }], state);
  expect(lockOwners(project)).toEqual([]);
  vi.stubEnv("PULUMI_BACKEND_URL", `file://${state}`);
  expect(lockOwners(project)).toHaveLength(1);
  vi.stubEnv("PULUMI_BACKEND_URL", "s3://bucket");
  expect(lockOwners(project)).toEqual([]);
});
