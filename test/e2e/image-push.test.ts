import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { containers, docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { canStartEngine, SecondEngine } from "../support/e2e/second-engine.ts";
import { canStartSshServer, SshServer } from "../support/e2e/ssh-server.ts";
import { FakeKubernetesApi } from "../support/fakes/kubernetes-api.ts";

const run = promisify(execFile);
const STACK = "pr-819";
const FEW = { images: {}, temporal: { enabled: false }, grafana: { enabled: false }, prometheus: { enabled: false } };
/** No registry answers at this name, so what runs there was brought. */
const REPOSITORY = "registry.invalid/example/shop";
const [FIRST, SECOND] = [`${REPOSITORY}:1.0.0`, `${REPOSITORY}:1.1.0`];
const app = (tag: string) => ({
  ...SMALL.app,
  image: { registry: "registry.invalid", repository: "example/shop", tag, uid: 1000, gid: 1000, probeTool: "wget" },
  command: ["node", "-e", "require('http').createServer((_, answer) => answer.end('ok')).listen(3000)"],
  port: 3000,
  paths: { health: "/", ready: "/", metrics: "none" },
  variablesPreset: "none",
});

interface Pushed {
  readonly to: string;
  readonly sent: number;
  readonly skipped: number;
}

type Ask = (...args: string[]) => Promise<string>;

const idOf = async (ask: Ask, image: string) => (await ask("inspect", "--format", "{{.Id}}", image)).trim();
/** What the second image has that the first has not. */
const written = (ask: Ask) => ask("run", "--rm", "--network=none", SECOND, "cat", "/pushed");

/** Builds the second image: the first with one more layer of a few bytes. */
async function build(ask: Ask, text: string): Promise<void> {
  const id = (await ask("create", "--network=none", FIRST, "sh", "-c", `echo ${text} > /pushed`)).trim();
  await ask("start", "--attach", id);
  // Without this the image would run the command that made it.
  await ask("commit", "--change", "CMD []", id, SECOND);
  await ask("rm", id);
}

/** Both images on an engine that has what they are built on. */
async function makeImages(ask: Ask): Promise<void> {
  await ask("tag", "node:22-alpine", FIRST);
  await build(ask, "pushed");
}

describe.skipIf(!(await canStartEngine()))(
  "an image that another Docker Engine has built (skipped where dockerd cannot be started)",
  () => {
    let builder: SecondEngine;
    const project = new TestProject(STACK, { ...SMALL, ...FEW, app: app("1.0.0") });
    const onBuilder: Ask = (...args) => builder.docker(...args);
    const push = async (image: string) => {
      const result = await project.cli(["image", "push", image, "--from", builder.host, "--json"]);
      expect(result.code, result.stderr).toBe(0);
      return { ...(JSON.parse(result.stdout) as Pushed), stderr: result.stderr };
    };
    const running = async () => (await docker("inspect", "--format", "{{.Image}}", `apprun-${STACK}-apprun`)).trim();

    beforeAll(async () => {
      await wipe(STACK);
      builder = new SecondEngine();
      await builder.ready(["node:22-alpine"]);
      await makeImages(onBuilder);
    });
    afterAll(async () => {
      await wipe(STACK);
      await builder.stop();
      await docker("image", "rm", FIRST, SECOND);
    });

    it("is missed by `up` before it is pushed", async () => {
      const { code, stderr } = await project.cli(["up"]);
      expect(code).toBe(1);
      expect(stderr).toContain(`${FIRST}: `);
      expect(stderr).toContain("are not on the host and cannot be pulled; nothing was changed");
      expect(await containers(STACK)).toEqual({});
    });

    it("is sent without the layers that are there, is what `up` runs then, and a second push sends nothing", async () => {
      const { to, sent, skipped } = await push(FIRST);
      expect([to, sent < 200_000, skipped > 10_000_000]).toEqual(["unix:///var/run/docker.sock", true, true]);
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      await project.rememberSalt();
      expect(await running()).toBe(await idOf(onBuilder, FIRST));
      expect((await push(FIRST)).sent).toBe(0);
    });

    it("takes the place of the one before it, under another tag and under the same", async () => {
      project.configure({ ...SMALL, ...FEW, app: app("1.1.0") });
      await push(SECOND);
      expect(await written(docker)).toBe("pushed\n");
      expect((await project.cli(["up"])).code).toBe(0);
      expect(await running()).toBe(await idOf(onBuilder, SECOND));
      await build(onBuilder, "again");
      const { stderr } = await push(SECOND);
      expect(stderr).toContain(`${SECOND} names another image there`);
      expect(await running()).not.toBe(await idOf(onBuilder, SECOND));
      expect((await project.cli(["up"])).code).toBe(0);
      expect(await running()).toBe(await idOf(onBuilder, SECOND));
    });

    it("has nothing to do where the stack runs on the engine that has it", async () => {
      const { code, stdout } = await project.cli(["image", "push", SECOND]);
      expect([code, stdout]).toEqual([
        0,
        `nothing to do: unix:///var/run/docker.sock is the engine that stack ${STACK} runs on\n`,
      ]);
    });
  },
);

describe.skipIf(!(await canStartEngine()))(
  "an image on its way to and from an engine with containerd's store (skipped where dockerd cannot be started)",
  () => {
    let engine: SecondEngine;
    const project = new TestProject(`${STACK}1`);

    beforeAll(async () => {
      await makeImages(docker);
      engine = new SecondEngine("--feature=containerd-snapshotter=true");
      await engine.ready([]);
      const status = await engine.docker("info", "--format", "{{.DriverStatus}}");
      expect(status).toContain("io.containerd.snapshotter.v1");
    });
    afterAll(async () => {
      await engine.stop();
      await docker("image", "rm", FIRST, SECOND);
    });

    it("is sent whole, twice too, and runs", async () => {
      for (const [tag, image] of [
        ["1.0.0", FIRST],
        ["1.1.0", SECOND],
      ] as const) {
        project.configure({ ...SMALL, ...FEW, app: app(tag), docker: { host: engine.host } });
        const { code, stdout, stderr } = await project.cli(["image", "push", image, "--json"]);
        expect(code, stderr).toBe(0);
        const { sent, skipped } = JSON.parse(stdout) as Pushed;
        expect([sent > 10_000_000, skipped]).toEqual([true, 0]);
      }
      expect(await written((...args) => engine.docker(...args))).toBe("pushed\n");
    });

    it("comes back from there", async () => {
      await docker("image", "rm", SECOND);
      project.configure({ ...SMALL, ...FEW, app: app("1.1.0") });
      const { code, stderr } = await project.cli(["image", "push", SECOND, "--from", engine.host]);
      expect(code, stderr).toBe(0);
      expect(await written(docker)).toBe("pushed\n");
    });
  },
);

const hasContainerd = await run("containerd", ["--version"]).then(
  () => run("ctr", ["--version"]).then(() => true),
  () => false,
);

describe.skipIf(!canStartSshServer() || !hasContainerd)(
  "an image on its way to a node over ssh (skipped without root, OpenSSH's server, containerd and ctr)",
  () => {
    const directory = mkdtempSync(join(tmpdir(), "containerd-"));
    const socket = join(directory, "containerd.sock");
    const server = new SshServer(12_819, { CONTAINERD_ADDRESS: socket });
    const api = new FakeKubernetesApi();
    const project = new TestProject(`${STACK}2`);
    let containerd: ChildProcess;
    const images = async () => (await run("ctr", ["--address", socket, "-n", "k8s.io", "images", "ls", "-q"])).stdout;

    beforeAll(async () => {
      await makeImages(docker);
      const config = join(directory, "config.toml");
      const places = [`root = "${directory}/root"`, `state = "${directory}/state"`, `[grpc]`, `address = "${socket}"`];
      writeFileSync(config, ["version = 2", ...places, ""].join("\n"));
      containerd = spawn("containerd", ["--config", config], { stdio: "ignore" });
      await vi.waitFor(images, { timeout: 30_000, interval: 500 });
      await server.start();
      api.nodes.set("node-1", {
        machineID: readFileSync("/etc/machine-id", "utf8").trim(),
        architecture: process.arch === "arm64" ? "arm64" : "amd64",
        operatingSystem: "linux",
      });
      const kubeconfig = join(directory, "kubeconfig");
      writeFileSync(kubeconfig, await api.start());
      project.configure({ platform: "kubernetes", kubernetes: { kubeconfig }, app: app("1.1.0") });
    });
    afterAll(async () => {
      await server.stop();
      api.stop();
      const ended = new Promise((resolve) => containerd.once("exit", resolve));
      containerd.kill();
      await ended;
      rmSync(directory, { recursive: true, force: true });
      await docker("image", "rm", FIRST, SECOND);
    });

    it("is in its containerd then, where the kubelet looks for it", async () => {
      const { code, stdout, stderr } = await project.cli(
        ["image", "push", SECOND, "--node", "ssh://docker-host", "--json"],
        server.environment,
      );
      expect(code, stderr).toBe(0);
      expect((JSON.parse(stdout) as Pushed).sent).toBeGreaterThan(10_000_000);
      expect((await images()).split("\n")).toContain(SECOND);
    });

    it("is not sent to a machine that is no node of the cluster", async () => {
      api.nodes.set("node-1", { machineID: "another", architecture: "amd64", operatingSystem: "linux" });
      const { code, stderr } = await project.cli(
        ["image", "push", SECOND, "--node", "ssh://docker-host"],
        server.environment,
      );
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining("whose machine is no node of the cluster at http://"),
      ]);
    });
  },
);
