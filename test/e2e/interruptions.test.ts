import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { finished } from "../support/run/process.ts";

const STACK = "test";
const PORT = 8100;
const HOST = `${STACK}.localhost`;
const project = new TestProject(STACK, SMALL);
const items = async () => (JSON.parse((await get(PORT, HOST, "/api/items")).body) as { count: number }).count;

interface StateEntry {
  readonly urn: string;
  readonly dependencies?: string[];
}

/** Kills the command and its engine without a word, some time after its start. */
async function killAfter(milliseconds: number, args: readonly string[]): Promise<void> {
  const child = project.start(args);
  const end = finished(child);
  await sleep(milliseconds);
  await docker("version"); // the daemon is there: what dies is the engine alone
  const { execFile } = await import("node:child_process");
  await new Promise((resolve) => execFile("pkill", ["-KILL", "-f", `^pulumi .*--stack ${STACK}( |$)`], resolve));
  child.kill("SIGKILL");
  await end;
}

describe("an engine that is killed midway", () => {
  beforeAll(() => wipe(STACK));
  afterAll(() => wipe(STACK));

  it.each([4000, 8000, 13_000, 18_000])(
    "after %i ms of the first up leaves what the next up completes",
    async (milliseconds) => {
      await wipe(STACK);
      await killAfter(milliseconds, ["up"]);
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      expect((await get(PORT, HOST, "/ready")).status).toBe(200);
      if (milliseconds !== 18_000)
        expect((await project.cli(["destroy", "--remove-data", "--confirm", STACK])).code).toBe(0);
    },
  );

  it("in a change of several containers loses no data", async () => {
    await project.rememberSalt();
    expect((await get(PORT, HOST, "/api/items", { method: "POST", body: "kept" })).status).toBe(201);
    project.configure({
      ...SMALL,
      postgres: { ...SMALL.postgres, maxConnections: 220 },
      images: { pins: { apprun: { tag: "1.1.0" } } },
    });
    await killAfter(6000, ["up"]);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(await items()).toBe(1);
  });

  it("in a destroy leaves what the next destroy completes, with the data", async () => {
    await killAfter(5000, ["destroy"]);
    const { code, stderr } = await project.cli(["destroy"]);
    expect(code, stderr).toBe(0);
    expect(await containers(STACK)).toEqual({});
    expect((await project.cli(["up"])).code).toBe(0);
    expect(await items()).toBe(1);
  });

  it("or a daemon that goes down in a refresh, which makes the engine forget a network, is repaired", async () => {
    const exported = JSON.parse((await project.pulumi(["stack", "export"])).stdout) as {
      deployment: { resources: StateEntry[] };
    };
    const { resources } = exported.deployment;
    const network = resources.find(({ urn }) => urn.endsWith("::network-edge"))?.urn ?? "";
    const without = resources
      .filter(({ urn }) => urn !== network)
      .map((entry) => ({ ...entry, dependencies: entry.dependencies?.filter((urn) => urn !== network) }));
    const file = join(project.directory, "state.json");
    writeFileSync(file, JSON.stringify({ ...exported, deployment: { ...exported.deployment, resources: without } }));
    expect((await project.pulumi(["stack", "import", "--file", file])).code).toBe(0);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`removing network apprun-${STACK}-edge: an interrupted update left it`);
    expect(await items()).toBe(1);
    expect((await project.cli(["up"])).stderr).toMatch(/Resources:\s+\d+ unchanged/);
  });

  it("is not mistaken for another clone, which may neither touch the containers nor use the data", async () => {
    const before = await containers(STACK);
    const clone = new TestProject(STACK, SMALL, "test-clone");
    const { code, stderr } = await clone.cli(["up"]);
    expect(code).toBe(1);
    const volumes = ["postgres-17", "cache", "apprun-storage", "grafana", "prometheus", "backups"].map(
      (volume) => `apprun-${STACK}-${volume}`,
    );
    expect(stderr).toContain(
      `stack ${STACK}: there are data volumes that this state did not make: ${volumes.join(", ")}; allowed: volumes of this state`,
    );
    expect(await containers(STACK)).toEqual(before);
  });

  it("cannot be told by a setting to drop data", async () => {
    const before = await containers(STACK);
    project.configure({ ...SMALL, grafana: { enabled: false } });
    const { code, stderr } = await project.cli(["up"]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `stack ${STACK}: the settings would drop what holds data or belongs to it: grafana, grafana-admin; allowed: settings that keep them; nothing was changed`,
    );
    expect(stderr).toContain("npm run up -- --forget-data");
    expect(await containers(STACK)).toEqual(before);
    project.configure(SMALL);
  });

  it("is the only thing that goes: a destroy by hand refuses to take protected data and secrets", async () => {
    const { stdout } = await project.pulumi(["stack", "export"]);
    const { deployment } = JSON.parse(stdout) as {
      deployment: { resources: { type: string; urn: string; protect?: boolean }[] };
    };
    const guarded = deployment.resources
      .filter(({ protect }) => protect === true)
      .map(({ urn }) => urn.split("::").at(-1));
    expect(guarded.sort()).toEqual(
      [
        "apprun-encryption-key",
        "apprun-jwt",
        "apprun-storage",
        "backup-password",
        "backups",
        "cache",
        "cache-password",
        "grafana",
        "grafana-admin",
        "kratos-cipher",
        "kratos-cookie",
        "kratos-pagination",
        "postgres-17",
        "postgres-provision-apprun",
        "postgres-provision-kratos",
        "postgres-provision-temporal",
        "postgres-superuser",
        "prometheus",
      ].sort(),
    );
    const destroy = await project.pulumi(["destroy", "--yes", "--skip-preview"]);
    expect(destroy.code).not.toBe(0);
    expect(destroy.stdout + destroy.stderr).toContain("protected");
    expect(await docker("volume", "ls", "-q", "--filter", `label=io.apprun.stack=apprun/${STACK}`)).toContain(
      "postgres-17",
    );
  });
});
