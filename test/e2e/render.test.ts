import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";

const STACK = "pr-906";
const PORT = 10_906;

function hasCompose(): boolean {
  try {
    execFileSync("docker", ["compose", "version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasCompose())("the rendered Compose file", () => {
  const project = new TestProject(STACK, SMALL);
  const out = join(project.directory, "rendered");
  const compose = (...args: string[]) => docker("compose", "--project-directory", out, ...args);
  beforeAll(() => wipe(STACK));
  afterAll(async () => {
    await compose("down", "--volumes").catch(() => "");
    await wipe(STACK);
  });

  it("is the same byte for byte when it is rendered again, and holds no secret", async () => {
    expect((await project.cli(["render", "--out", out, "--generate-secrets"])).code).toBe(0);
    const first = readFileSync(join(out, "compose.yaml"), "utf8");
    expect((await project.cli(["render", "--out", out])).code).toBe(0);
    expect(readFileSync(join(out, "compose.yaml"), "utf8")).toBe(first);
    expect(first).not.toContain("__secret_");
  });

  it("runs the same stack without Pulumi", async () => {
    await compose("up", "--detach", "--wait", "--quiet-pull");
    await expect
      .poll(async () => (await get(PORT, `${STACK}.localhost`, "/ready").catch(() => ({ status: 0 }))).status, {
        timeout: 120_000,
        interval: 1000,
      })
      .toBe(200);
    await expect.poll(async () => (await project.cli(["status"])).stderr, { timeout: 60_000, interval: 2000 }).toBe("");
  });
});
