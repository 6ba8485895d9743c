import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { killAt } from "../support/e2e/kill.ts";
import { finished } from "../support/run/process.ts";

const STACK = "pr-830";
const PLAIN = {
  ...SMALL,
  prometheus: { enabled: false },
  grafana: { enabled: false },
  alerting: { enabled: false },
  temporal: { enabled: false },
};
const LOCK = `apprun-${STACK}-lock`;

const holder = async () =>
  (await docker("volume", "ls", "-q", "--filter", `name=^${LOCK}$`)).trim() === ""
    ? undefined
    : (JSON.parse(await docker("volume", "inspect", LOCK, "--format", '{{index .Labels "io.apprun.lock.holder"}}')) as {
        pid: number;
        command: string;
      });
const until = async (holds: () => Promise<unknown>) => {
  while (!(await holds())) await sleep(100);
};

describe("one command at a time on a stack", () => {
  const first = new TestProject(STACK, PLAIN, "one-command");
  const second = new TestProject(STACK, PLAIN, "one-command-clone");
  /** What a second clone is told of the state that both share. */
  const shared = {
    PULUMI_BACKEND_URL: `file://${join(first.directory, ".apprun/state")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(first.directory, ".apprun/passphrase"),
  };
  /** Once there is a container, whose removal as an orphan would show. */
  const begun = () => until(async () => (await docker("ps", "-q", "--filter", `name=apprun-${STACK}-`)).trim() !== "");

  beforeAll(() => wipe(STACK));
  afterAll(() => wipe(STACK));

  it("refuses the second `up` at once, with the first your owner, and leaves the first alone", async () => {
    const child = first.start(["up"]);
    const end = finished(child);
    await Promise.race([begun(), end]);
    const start = performance.now();
    const { code, stderr } = await second.cli(["up"], shared);
    const seconds = (performance.now() - start) / 1000;
    expect(code, stderr).toBe(1);
    expect(stderr).toContain(`stack ${STACK}: \`up\` of `);
    expect(stderr).toContain(`on ${hostname()} (process ${(await holder())?.pid ?? 0}) since `);
    expect(stderr).toContain("works on it; allowed: one command at a time; nothing was changed: wait for its end");
    expect(stderr).not.toContain("removing container");
    expect(seconds).toBeLessThan(20);
    const destroyed = await second.cli(["destroy", "--remove-data", "--confirm", STACK], shared);
    expect(destroyed.code).toBe(1);
    expect((await second.cli(["status"], shared)).stderr).toContain("works on it now");
    const result = await end;
    expect(result.code, result.stderr).toBe(0);
    expect(await holder()).toBeUndefined();
  });

  it("goes on where the first one was killed with its engine, and says so", async () => {
    await first.rememberSalt();
    first.configure({ ...PLAIN, images: { pins: { apprun: { tag: "1.1.0" } } } });
    const file = `Pulumi.${STACK}.yaml`;
    copyFileSync(join(first.directory, file), join(second.directory, file));
    await killAt(first, ["up"], () => until(holder));
    expect((await holder())?.command).toBe("up");
    const { code, stderr } = await second.cli(["up"], shared);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/`up` of \S+ on \S+ \(process \d+\) since \S+ is gone and did not end in order; going on/);
    expect(await holder()).toBeUndefined();
  });

  it("does not take a lock away that may be held elsewhere, except by force and with the stack's name", async () => {
    const elsewhere = {
      token: "t",
      pid: 7,
      host: "elsewhere",
      user: "alice",
      since: "2026-11-21T02:30:15Z",
      command: "up",
    };
    await docker("volume", "create", "--label", `io.apprun.lock.holder=${JSON.stringify(elsewhere)}`, LOCK);
    const refused = await first.cli(["up"]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("`up` of alice on elsewhere")]);
    expect((await first.cli(["state", "unlock"])).code).toBe(1);
    expect((await first.cli(["state", "unlock", "--force"])).code).toBe(2);
    expect(await holder()).toBeDefined();
    expect((await first.cli(["state", "unlock", "--force", "--confirm", STACK])).stdout).toBe("unlocked\n");
    expect(await holder()).toBeUndefined();
  });

  it("leaves nothing behind", async () => {
    const { code, stderr } = await first.cli(["destroy", "--remove-data", "--confirm", STACK]);
    expect(code, stderr).toBe(0);
    expect(await docker("volume", "ls", "-q", "--filter", `name=apprun-${STACK}-`)).toBe("");
  });
});

it.skipIf(process.getuid?.() !== 0)("a process of another user is seen as alive, which takes root to try", async () => {
  const child = spawn("sleep", ["60"]);
  const source = readFileSync(fileURLToPath(new URL("../../cli/kit/process.ts", import.meta.url)), "utf8");
  // Of this Node and this file other users may have no right to read where they are.
  const directory = mkdtempSync(join(tmpdir(), "other-user-"));
  chmodSync(directory, 0o755);
  copyFileSync(process.execPath, join(directory, "node"));
  const asked = spawn(
    join(directory, "node"),
    ["--input-type=module-typescript", "--eval", `${source}\nconsole.log(exists(${child.pid ?? 0}));`],
    { uid: 65534, gid: 65534, cwd: "/", env: {}, stdio: ["ignore", "pipe", "pipe"] },
  );
  const { stdout, stderr } = await finished(asked);
  child.kill();
  await once(child, "exit");
  rmSync(directory, { recursive: true });
  expect(stdout, stderr).toBe("true\n");
});
