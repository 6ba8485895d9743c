import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { SMALL, TestProject } from "../support/e2e/e2e.ts";

const STACK = "pr-604";
const project = new TestProject(STACK, SMALL);
const locks = join(project.directory, ".apprun", "state", ".pulumi", "locks", "organization", "apprun", STACK);
const lock = join(locks, "11111111-2222-3333-4444-555555555555.json");

/** A lock as the engine writes it. */
const NOW = new Date().toISOString();

function lockedBy(pid: number, host: string, timestamp = NOW): void {
  mkdirSync(locks, { recursive: true });
  writeFileSync(lock, JSON.stringify({ pid, username: "somebody", hostname: host, timestamp }));
}

async function endedProcess(): Promise<number> {
  const child = spawn("true");
  await once(child, "exit");
  return child.pid ?? 0;
}

describe("the engine's state", () => {
  beforeAll(async () => {
    const { code, stderr } = await project.cli(["preview"]); // makes the stack
    expect(code, stderr).toBe(0);
  });

  describe("when it is locked", () => {
    afterEach(() => {
      rmSync(lock, { force: true });
    });

    it.each([
      ["a process that runs", process.pid, hostname()],
      ["a process of another machine, which may run", 999_999, "elsewhere"],
    ])("by %s stays locked, and the owner is named", async (_, pid, host) => {
      lockedBy(pid, host);
      const { code, stderr } = await project.cli(["state", "unlock"]);
      expect([code, stderr]).toEqual([
        1,
        expect.stringContaining(
          `stack ${STACK}: it is held by the engine, process ${pid} of somebody on ${host} since ${NOW}; allowed: locks whose owner is gone`,
        ),
      ]);
      expect(existsSync(lock)).toBe(true);
    });

    it("by a process whose number another one has today is unlocked", async () => {
      lockedBy(process.pid, hostname(), "2026-01-01T00:00:00Z");
      expect(await project.cli(["state", "unlock"])).toMatchObject({ code: 0, stdout: "unlocked\n" });
    });

    it("by a process that is gone is unlocked, and the engine works again", async () => {
      lockedBy(await endedProcess(), hostname());
      const refused = await project.pulumi(["refresh", "--yes"]);
      expect([refused.code === 0, refused.stdout + refused.stderr]).toEqual([
        false,
        expect.stringContaining("the stack is currently locked by 1 lock(s)"),
      ]);
      expect(await project.cli(["state", "unlock"])).toMatchObject({ code: 0, stdout: "unlocked\n" });
      expect(existsSync(lock)).toBe(false);
      const works = await project.pulumi(["refresh", "--yes"]);
      expect(works.code, works.stderr).toBe(0);
    });

    it("by nobody says so", async () => {
      expect(await project.cli(["state", "unlock", "--json"])).toMatchObject({
        code: 0,
        stdout: `${JSON.stringify({ stack: STACK, unlocked: 0 }, undefined, 2)}\n`,
      });
    });
  });

  it("is not written where it is empty", async () => {
    const file = join(project.directory, "saved.json");
    const empty = await project.cli(["state", "backup", "--out", file]);
    expect([empty.code, empty.stderr, existsSync(file)]).toEqual([
      1,
      expect.stringContaining(`stack ${STACK}: its state is empty`),
      false,
    ]);
  });

  it.each([
    ["no whole state file", "{", /got no whole state file/],
    [
      "of another stack",
      JSON.stringify({ project: "apprun", stack: "pr-605", exported: { deployment: { resources: [{}] } } }),
      /it is the state of apprun\/pr-605; allowed: that of apprun\/pr-604/,
    ],
  ])("is not replaced by a file that is %s", async (_, text, message) => {
    const file = join(project.directory, "given.json");
    writeFileSync(file, text);
    const { code, stderr } = await project.cli(["state", "restore", file, "--confirm", STACK]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
