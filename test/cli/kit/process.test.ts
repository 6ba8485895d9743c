import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it, vi } from "vitest";
import { exists, isGone, startTime, thisProcess, type ProcessIdentity } from "../../../cli/kit/process.ts";

const HOST = {
  host: "host-1",
  machine: "m1",
  boot: "b1",
  namespace: "pid:[4026531836]",
};
/** This process, as if it ran there. */
const me: ProcessIdentity = { ...thisProcess(), ...HOST };

/** A process that ended and was reaped. */
async function endedPid(): Promise<number> {
  const child = spawn("true");
  await once(child, "exit");
  return child.pid!;
}
const ended = await endedPid();

it.each<[string, Partial<ProcessIdentity>, Partial<ProcessIdentity>, boolean]>([
  ["itself", {}, {}, false],
  ["one that ended", { pid: ended }, {}, true],
  ["one whose number another process has now", { start: "1" }, {}, true],
  ["one of before a reboot, whatever has its number now", { boot: "b0" }, {}, true],
  ["one of another host", { pid: ended, host: "host-2", machine: "m2", boot: "b2" }, {}, false],
  ["one of a copy of this host's image with a name of its own", { pid: ended, host: "host-2" }, {}, false],
  ["one of another host of the same name", { pid: ended, machine: "m2", boot: "b2" }, {}, false],
  ["one of another container of this host", { pid: ended, namespace: "pid:[4026532000]" }, {}, false],
  [
    "one of another container that was started again elsewhere",
    { pid: ended, namespace: "pid:[4026532000]", boot: "b0" },
    { namespace: "pid:[4026532000]" },
    false,
  ],
  ["one of a machine without an id", { machine: undefined, boot: "b0" }, { machine: undefined }, false],
  ["one of a system that tells no times", { pid: ended, start: undefined }, {}, true],
])("%s: gone for sure?", (_, process, here, gone) => {
  expect(isGone({ ...me, ...process }, { ...me, ...here })).toBe(gone);
});

it("a process of another user is there", () => {
  const kill = vi.spyOn(process, "kill").mockImplementation(() => {
    throw Object.assign(new Error("kill EPERM"), { code: "EPERM" });
  });
  expect(exists(1)).toBe(true);
  expect(isGone({ ...thisProcess(), pid: process.pid })).toBe(false);
  kill.mockRestore();
});

it("knows when a process started, and what it is told by the name of one with parentheses", () => {
  const started = startTime(process.pid)!;
  expect(Math.abs(started - (Date.now() - process.uptime() * 1000))).toBeLessThan(5000);
  expect(startTime(ended)).toBeUndefined();
});
