import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CountingProxy } from "../support/e2e/counting-proxy.ts";
import { SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { canStartEngine, SecondEngine } from "../support/e2e/second-engine.ts";

const run = promisify(execFile);
const STACK = "pr-812";
const FEW = {
  temporal: { enabled: false },
  grafana: { enabled: false },
  prometheus: { enabled: false },
  backup: { enabled: true },
};
/** What an update that changed nothing says. */
const NOTHING_CHANGED = /Resources:\s+\d+ unchanged/;

describe.skipIf(!(await canStartEngine()))(
  "a stack while everything but its settings names another Docker Engine (skipped where dockerd cannot be started)",
  () => {
    const home = mkdtempSync(join(tmpdir(), "home-"));
    let [right, wrong]: [CountingProxy | undefined, CountingProxy | undefined] = [undefined, undefined];
    let engine: SecondEngine;
    let project: TestProject;

    /** Ways to name the wrong engine. What only Docker's own directory says is in a home of its own, whose plugins are ours. */
    const ways = (): Record<string, NodeJS.ProcessEnv> => {
      const own = { HOME: home, PULUMI_HOME: join(homedir(), ".pulumi") };
      const host = wrong?.host ?? "";
      return {
        DOCKER_HOST: { DOCKER_HOST: host },
        DOCKER_CONTEXT: { ...own, DOCKER_CONTEXT: "wrong" },
        "the chosen context": { ...own, DOCKER_CONFIG: join(home, "chosen") },
        everything: {
          ...own,
          DOCKER_HOST: host,
          DOCKER_CONTEXT: "wrong",
          DOCKER_CONFIG: join(home, "chosen"),
          DOCKER_TLS_VERIFY: "1",
          DOCKER_CERT_PATH: home,
          DOCKER_SSH_OPTS: "-oProxyCommand=false",
        },
      };
    };

    beforeAll(async () => {
      await wipe(STACK);
      engine = new SecondEngine();
      await engine.ready([]);
      right = await new CountingProxy("/var/run/docker.sock").start();
      wrong = await new CountingProxy(new URL(engine.host).pathname).start();
      for (const [directory, use] of [
        [".docker", false],
        ["chosen", true],
      ] as const) {
        const env = { ...process.env, DOCKER_CONFIG: join(home, directory) };
        await run("docker", ["context", "create", "wrong", "--docker", `host=${wrong.host}`], { env });
        if (use) await run("docker", ["context", "use", "wrong"], { env });
      }
      project = new TestProject(STACK, { ...SMALL, ...FEW, docker: { host: right.host } }, STACK);
      const { code, stderr } = await project.cli(["up"], ways()["everything"]);
      expect(code, stderr).toBe(0);
      expect(stderr).toContain(`not used: DOCKER_HOST=${wrong.host}; the stack's Docker is ${right.host}`);
      expect(wrong.taken()).toBe(0);
      await project.rememberSalt();
    });
    afterAll(async () => {
      right?.stop();
      wrong?.stop();
      await engine.stop();
      await wipe(STACK);
      rmSync(home, { recursive: true, force: true });
    });

    it.each(["DOCKER_HOST", "DOCKER_CONTEXT", "the chosen context"])(
      "%s leads Docker's own program there",
      async (way) => {
        wrong?.taken();
        // Without DOCKER_CONFIG it looks below HOME, as the engine's provider does.
        await run("docker", ["ps"], { env: { ...process.env, ...ways()[way] } });
        expect(wrong?.taken()).toBeGreaterThan(0);
      },
    );

    describe.each(["DOCKER_HOST", "DOCKER_CONTEXT", "the chosen context", "everything"])("%s", (way) => {
      it.each(["up", "status", "doctor"])("leads no connection of `%s` there", async (command) => {
        right?.taken();
        wrong?.taken();
        const { code, stderr } = await project.cli([command], ways()[way]);
        expect([0, 1], stderr).toContain(code);
        if (command === "up") expect(stderr).toMatch(NOTHING_CHANGED);
        expect(right?.taken()).toBeGreaterThan(0);
        expect(wrong?.taken()).toBe(0);
      });
    });

    it.each([
      ["DOCKER_HOST", ["backup"]],
      ["everything", ["backup"]],
      ["the chosen context", ["drill"]],
      ["DOCKER_CONTEXT", ["restore", "--confirm", STACK]],
      ["everything", ["restore", "--confirm", STACK]],
    ])("%s leads no connection of `%s` there", async (way, args) => {
      right?.taken();
      wrong?.taken();
      const { code, stderr } = await project.cli(args, ways()[way]);
      expect(code, stderr).toBe(0);
      expect(right?.taken()).toBeGreaterThan(0);
      expect(wrong?.taken()).toBe(0);
    });

    it.each([["preview"], ["refresh", "--yes"]])(
      "DOCKER_CONTEXT leads no connection of plain `pulumi %s` there",
      async (...args) => {
        right?.taken();
        wrong?.taken();
        const { code, stdout, stderr } = await project.pulumi(args, ways()["DOCKER_CONTEXT"]);
        expect(code, stdout + stderr).toBe(0);
        expect(right?.taken()).toBeGreaterThan(0);
        expect(wrong?.taken()).toBe(0);
      },
    );

    it("a provider that was told the host only is updated, and nothing that it made is replaced", async () => {
      const file = join(home, "state.json");
      const state = JSON.parse((await project.pulumi(["stack", "export"])).stdout) as {
        deployment: { resources: { type: string; inputs: Record<string, unknown>; outputs: unknown }[] };
      };
      for (const resource of state.deployment.resources.filter(({ type }) => type === "pulumi:providers:docker")) {
        const { host, version } = resource.inputs;
        resource.inputs = { host, version };
        resource.outputs = { host, version };
      }
      writeFileSync(file, JSON.stringify(state));
      await project.pulumi(["stack", "import", "--file", file]);
      const { stdout } = await project.pulumi(["preview", "--json", "--refresh=false"], {
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "false",
      });
      const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
      expect(steps.filter(({ op }) => op !== "same").map(({ op, urn }) => `${op} ${urn.split("::")[2] ?? ""}`)).toEqual(
        ["update apprun:stack:Stack$pulumi:providers:docker"],
      );
    });

    it("plain `pulumi preview` refuses the one variable that the provider would obey", async () => {
      const { code, stdout } = await project.pulumi(["preview", "--refresh=false"], { DOCKER_CERT_PATH: home });
      expect(code).not.toBe(0);
      expect(stdout).toContain(`DOCKER_CERT_PATH: got "${home}" in the environment`);
    });

    it("another engine is refused before anything is changed", async () => {
      // Another port, because the stack itself holds its own on this machine.
      project.configure({ ...SMALL, ...FEW, docker: { host: wrong?.host }, proxy: { port: 11_812 } });
      try {
        const commands = [["up"], ["preview"], ["destroy"], ["restart", "apprun"], ["exec", "apprun", "--", "id"]];
        for (const args of [...commands, ["backup"], ["drill"], ["restore", "--confirm", STACK]]) {
          const { code, stderr } = await project.cli(args);
          expect(code, stderr).toBe(1);
          expect(stderr).toContain(`another Docker Engine answers at ${wrong?.host ?? ""}`);
        }
        expect(await engine.docker("ps", "--all", "--quiet")).toBe("");
        // Not even a lock was made there for a moment.
        const events = ["--since", "0", "--until", String(Date.now() / 1000), "--filter", "type=volume"];
        expect(await engine.docker("events", ...events)).toBe("");
      } finally {
        project.configure({ ...SMALL, ...FEW, docker: { host: right?.host } });
      }
    });

    it.each([
      ["DOCKER_HOST", ["destroy"]],
      ["everything", ["destroy"]],
      ["DOCKER_CONTEXT", ["destroy", "--remove-data", "--confirm", STACK]],
      ["everything", ["destroy", "--remove-data", "--confirm", STACK]],
    ])("%s leads no connection of `%s` there", async (way, args) => {
      wrong?.taken();
      const { code, stderr } = await project.cli(args, ways()[way]);
      expect(code, stderr).toBe(0);
      expect(wrong?.taken()).toBe(0);
    });
  },
);
