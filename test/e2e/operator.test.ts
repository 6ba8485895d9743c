import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { expectPsqlReadsAndWritesWhenAsked } from "../support/e2e/psql.ts";

const STACK = "pr-840";
const EXITS = "websoft9/apprun:e2e-exits";
const SETTINGS = {
  ...SMALL,
  app: { ...SMALL.app, replicas: 2, readyTimeout: "120s" },
  temporal: { enabled: false },
  prometheus: { enabled: false },
  alerting: { enabled: false },
};
const name = (service: string) => `apprun-${STACK}-${service}`;
const project = new TestProject(STACK, SETTINGS);
const withImage = (tag: string) => {
  project.configure({ ...SETTINGS, images: { pins: { apprun: { tag } } } });
};

describe("what operators do with a stack on a real Docker Engine", () => {
  beforeAll(async () => {
    await wipe(STACK);
    const id = (await docker("create", "websoft9/apprun:1.0.0")).trim();
    await docker("commit", "-c", 'ENTRYPOINT ["sh","-c","echo fatal: no key >&2; exit 3"]', id, EXITS);
    await docker("rm", id);
    const { code, stderr } = await project.cli(["up", "--skip-backup"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
  });
  afterAll(async () => {
    await wipe(STACK);
    await docker("rmi", EXITS);
  });

  it("logs has the lines of both replicas, and follows one through a restart", async () => {
    const { stdout } = await project.cli(["logs", "apprun"]);
    expect(stdout).toMatch(/^apprun-1 \| /m);
    expect(stdout).toMatch(/^apprun-2 \| /m);
    const follower = project.start(["logs", "cache", "--follow", "--tail", "0"]);
    let lines = "";
    follower.stdout?.on("data", (chunk: Buffer) => (lines += chunk.toString()));
    await new Promise((resolve) => setTimeout(resolve, 5000));
    expect((await project.cli(["restart", "cache", "--confirm", STACK])).code).toBe(0);
    await expect.poll(() => lines, { timeout: 15_000 }).toMatch(/ending|bye bye[^]*Ready to accept connections/);
    follower.kill("SIGINT");
    expect(await once(follower, "close")).toEqual([0, null]);
  });

  it("exec has the command's output, its exit code and its user", async () => {
    const { code, stdout, stderr } = await project.cli([
      "exec",
      "apprun",
      "--replica",
      "2",
      "--",
      "sh",
      "-c",
      "hostname; id -u >&2; exit 7",
    ]);
    expect({ code, stderr }).toEqual({ code: 7, stderr: "10001\n" });
    expect(stdout).not.toBe("");
  });

  it("psql reads as the database's owner, and writes only where that is asked for", async () => {
    await expectPsqlReadsAndWritesWhenAsked(project);
  });

  it("restart takes one replica after the other, and top sees all of them", async () => {
    const started = () => docker("inspect", "--format", "{{.State.StartedAt}}", name("apprun-1"), name("apprun-2"));
    const before = await started();
    const { code, stderr } = await project.cli(["restart", "apprun"]);
    expect(code, stderr).toBe(0);
    expect(stderr).toBe(`restarting container ${name("apprun-1")}\nrestarting container ${name("apprun-2")}\n`);
    expect(await started()).not.toBe(before);
    const { replicas } = JSON.parse((await project.cli(["top", "--json"])).stdout) as {
      replicas: { replica: string; memory: number }[];
    };
    expect(replicas.map(({ replica }) => replica)).toEqual(
      expect.arrayContaining([name("apprun-1"), name("postgres")]),
    );
    expect(replicas.every(({ memory }) => memory > 0)).toBe(true);
  });

  it("up ends soon when the app exits, says why in its last line, and leaves a state that the next up heals", async () => {
    withImage("e2e-exits");
    const { code, stderr } = await project.cli(["up", "--skip-backup"]);
    expect(code).toBe(1);
    const failed = /^apprun failed (\d+) s$/m.exec(stderr)?.[1];
    expect(Number(failed), stderr).toBeLessThan(15);
    // A container that runs again has forgotten the code with which it ended.
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
      /^the update failed: apprun ends( \(exit code 3\))? again and again: fatal: no key; fix that, then run: npm run up -- --stack pr-840$/,
    );
    const file = /the engine's own lines: (\S+)/.exec(stderr)?.[1] ?? "";
    expect(readFileSync(join(import.meta.dirname, "../..", file), "utf8")).toContain("fatal: no key");
    const state = JSON.parse((await project.pulumi(["stack", "export"])).stdout) as {
      deployment: { pending_operations?: unknown[] };
    };
    expect(state.deployment.pending_operations ?? []).toEqual([]);
    withImage("1.0.0");
    const healed = await project.cli(["up", "--skip-backup"]);
    expect(healed.code, healed.stderr).toBe(0);
  });
});
