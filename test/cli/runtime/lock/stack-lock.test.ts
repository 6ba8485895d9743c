import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { CliError } from "../../../../cli/kit/exit.ts";
import { readHolder, thisHolder, writeHolder, type Holder } from "../../../../cli/runtime/lock/holder.ts";
import { noteHolder, withLock } from "../../../../cli/runtime/lock/stack-lock.ts";
import { fakeLock } from "../../../support/fakes/runtime.ts";
import { captured } from "../../../support/fakes/terminal.ts";

const OPTIONS = { stack: "dev", command: "up" };
const gonePid = spawnSync("true").pid;
const other: Holder = {
  ...thisHolder("destroy"),
  user: "alice",
  host: "host-2",
  pid: 42,
  since: "2026-11-21T02:30:15Z",
};
const dead: Holder = { ...thisHolder("restore"), user: "alice", pid: gonePid, since: "2026-11-21T02:30:15Z" };

describe("a command that changes a stack", () => {
  it("has the stack while it works, and lets go of it, also when it fails", async () => {
    const lock = fakeLock();
    await withLock([lock], OPTIONS, () => {
      expect(lock.held()).toMatchObject({ command: "up", pid: process.pid });
      return Promise.resolve();
    });
    expect(lock.held()).toBeUndefined();
    await expect(withLock([lock], OPTIONS, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(lock.held()).toBeUndefined();
  });

  it("is refused while another one of any host works, and says whose it is", async () => {
    const lock = fakeLock(other);
    const { error } = await captured(() => withLock([lock], OPTIONS, () => Promise.reject(new Error("it ran"))));
    expect(error).toBeInstanceOf(CliError);
    expect(error?.message).toBe(
      "stack dev: `destroy` of alice on host-2 (process 42) since 2026-11-21T02:30:15Z works on it; allowed: one command at a time; " +
        "nothing was changed: wait for its end; where it is gone for sure: npm run state -- unlock --force --stack dev",
    );
    expect(lock.held()).toBe(other);
  });

  it("takes over from one that is gone for sure, and says so", async () => {
    const lock = fakeLock(dead);
    const { stderr } = await captured(() => withLock([lock], OPTIONS, () => Promise.resolve()));
    expect(stderr).toBe(
      `stack dev: \`restore\` of alice on ${dead.host} (process ${gonePid}) since 2026-11-21T02:30:15Z is gone and did not end in order; going on from what it left\n`,
    );
    expect(lock.held()).toBeUndefined();
  });

  it("is refused where another one took the dead lock over at the same time", async () => {
    const lock = fakeLock(dead);
    const race = {
      ...lock,
      release: (holder: Holder) =>
        lock
          .release(holder)
          .then(() => lock.take(other))
          .then(() => undefined),
    };
    await expect(withLock([race], OPTIONS, () => Promise.resolve())).rejects.toThrow("`destroy` of alice on host-2");
    expect(lock.held()).toBe(other);
  });

  it("notices that another one removed its lock in place of the dead one", async () => {
    const lock = fakeLock(dead);
    const race = { ...lock, read: () => Promise.resolve(other) };
    await expect(withLock([race], OPTIONS, () => Promise.resolve())).rejects.toThrow("`destroy` of alice on host-2");
  });

  it("has all places of a stack or none", async () => {
    const [one, two] = [fakeLock(), fakeLock(other)];
    await expect(withLock([one, two], OPTIONS, () => Promise.resolve())).rejects.toThrow("alice");
    expect([one.held(), two.held()]).toEqual([undefined, other]);
  });
});

it("a command that looks says who works, and nothing of who is gone", async () => {
  const said = async (holder?: Holder) => (await captured(() => noteHolder("dev", fakeLock(holder)))).stderr;
  expect(await said(other)).toBe(
    "stack dev: `destroy` of alice on host-2 (process 42) since 2026-11-21T02:30:15Z works on it now\n",
  );
  expect(await said(dead)).toBe("");
  expect(await said()).toBe("");
});

it("a text that names nobody is of somebody who may be at work", () => {
  expect(readHolder(writeHolder(other))).toEqual(other);
  expect(readHolder("{")).toMatchObject({ user: "somebody", host: "an unknown host" });
});
