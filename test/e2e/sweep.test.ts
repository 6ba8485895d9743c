import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { containers, docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { FakeForge } from "../support/fakes/forge.ts";

const [GONE, OPEN, NEVER_UP] = ["pr-805", "pr-806", "dev"];
const SETTINGS = {
  ...SMALL,
  temporal: { enabled: false },
  grafana: { enabled: false },
  prometheus: { enabled: false },
};
const gone = new TestProject(GONE, SETTINGS, "sweep");
const open = new TestProject(OPEN, SETTINGS, "sweep", "index.ts", gone);
const forge = new FakeForge();

/** What Docker has of a stack. */
async function left(stack: string): Promise<readonly string[]> {
  const filter = ["--filter", `label=io.apprun.stack=apprun/${stack}`, "-q"];
  const lists = await Promise.all(
    [
      ["ps", "-a"],
      ["volume", "ls"],
      ["network", "ls"],
    ].map((list) => docker(...list, ...filter)),
  );
  return lists.flatMap((list) => list.split("\n").filter((id) => id !== ""));
}

async function stacks(): Promise<readonly string[]> {
  const { stdout } = await gone.pulumiAnywhere(["stack", "ls", "--json"]);
  return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name).sort();
}

describe("ci sweep with two stacks of pull requests, one of which is open", () => {
  let env: NodeJS.ProcessEnv;
  let before: Record<string, string>;
  let kept: readonly string[];
  const sweep = (...args: string[]) => gone.cliAnywhere(["ci", "sweep", ...args], env);

  beforeAll(async () => {
    env = await forge.start();
    // More than a page, with the one that matters on the second.
    forge.open.push(901, 902, 806);
    for (const project of [gone, open]) {
      await wipe(project.stack);
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
    }
    await gone.pulumiAnywhere(["stack", "init", NEVER_UP]);
    // The sweeper runs from the main branch, which has no stack file of a pull request.
    rmSync(join(gone.directory, `Pulumi.${GONE}.yaml`));
    before = await containers(OPEN);
    kept = await left(OPEN);
  });
  afterAll(async () => {
    forge.stop();
    await open.cli(["destroy", "--remove-data", "--confirm", OPEN]);
    for (const stack of [GONE, OPEN]) await wipe(stack);
  });

  it("has two stacks that run", async () => {
    expect(Object.keys(before).length).toBeGreaterThan(5);
    expect(await stacks()).toEqual([NEVER_UP, GONE, OPEN]);
    expect((await left(GONE)).length).toBe(kept.length);
  });

  it("removes nothing while the forge refuses to say what is open", async () => {
    const { code, stderr } = await gone.cliAnywhere(["ci", "sweep"], { ...env, GITHUB_TOKEN: "wrong" });
    expect(code).not.toBe(0);
    expect(stderr).toContain("Bad credentials");
    expect((await left(GONE)).length).toBe(kept.length);
  });

  it("says what it would remove, and removes nothing", async () => {
    const { code, stdout, stderr } = await sweep("--dry-run", "--json");
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      dryRun: true,
      removed: [{ name: GONE, reason: "pull request 805 is not open" }],
      failed: [],
      cloudflare: { skipped: "Pulumi.pr.yaml does not switch cloudflare on" },
    });
    expect((await left(GONE)).length).toBe(kept.length);
  });

  it("removes the orphan with its data and its state, and nothing else", async () => {
    const { code, stderr } = await sweep("--json");
    expect(code, stderr).toBe(0);
    expect(await left(GONE)).toEqual([]);
    expect(await stacks()).toEqual([NEVER_UP, OPEN]);
    expect(await containers(OPEN)).toEqual(before);
    expect(await left(OPEN)).toEqual(kept);
    expect(new Set(forge.calls)).toEqual(new Set(["GET /repos/acme/platform/pulls"]));
  });

  it("finds nothing more to remove", async () => {
    const { code, stdout } = await sweep();
    expect([code, stdout]).toEqual([0, "0 stacks removed\n"]);
  });

  it("removes the other once its pull request is closed", async () => {
    forge.open.pop();
    const { code, stderr } = await sweep();
    expect(code, stderr).toBe(0);
    expect(await left(OPEN)).toEqual([]);
    expect(await stacks()).toEqual([NEVER_UP]);
  });
});
