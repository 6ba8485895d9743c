import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { ConstantLoad, type Targets } from "../support/e2e/constant-load.ts";
import { changedContainers, containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { killDuring } from "../support/e2e/kill.ts";
import { done, rotatedSecrets, type RotatedSecrets } from "../support/e2e/rotated-secrets.ts";

const STACK = "pr-622";
const PORT = 10_622;
const HOST = `${STACK}.localhost`;
const name = (service: string) => `apprun-${STACK}-${service}`;
const CLIENT = name("rotation-client");

/** Every service that has a generated secret; Grafana apart, whose own tool the rotation needs. */
const settings = (rotation: Record<string, number>) => ({
  ...SMALL,
  temporal: { ui: false },
  nats: { enabled: true, storage: "100Mi" },
  grafana: { enabled: false },
  alerting: { enabled: false },
  exporters: { host: false },
  backup: { enabled: true },
  rotation,
});
const project = new TestProject(STACK, settings({}));

/** Secrets by what a rotation of them may interrupt. */
const GROUPS: Record<string, { secrets: string[]; restarts: string[]; interrupts: string[] }> = {
  "what only jobs and the backup use": {
    secrets: ["backup-password", "postgres-provision-backup", "postgres-superuser", "postgres-provision-monitoring"],
    restarts: ["backup", "postgres-exporter", "postgres-exporter-role", "postgres-provision", "postgres-rotate"],
    interrupts: [],
  },
  "what Kratos uses": {
    secrets: ["kratos-cipher", "kratos-cookie", "kratos-pagination", "postgres-provision-kratos"],
    restarts: ["backup", "kratos", "kratos-migrate", "postgres-provision"],
    interrupts: ["login", "ready"],
  },
  "what Temporal uses": {
    secrets: ["postgres-provision-temporal"],
    restarts: ["postgres-provision", "temporal", "temporal-schema"],
    interrupts: ["ready"],
  },
  "what the app uses": {
    secrets: ["apprun-jwt", "cache-monitoring", "cache-password", "nats-password", "postgres-provision-apprun"],
    restarts: ["apprun", "cache", "cache-exporter", "nats", "postgres-provision"],
    interrupts: ["items", "ready"],
  },
};
const SECRETS = Object.values(GROUPS).flatMap(({ secrets }) => secrets);
const all = (generation: number) => Object.fromEntries(SECRETS.map((secret) => [secret, generation]));

/** The app's data, all that it needs, and the login. */
const LOAD: Targets = {
  items: [HOST, "/api/items"],
  ready: [HOST, "/ready"],
  login: [`auth.${HOST}`, "/self-service/login/api"],
};

const ok = (args: readonly string[]) => done(project, args);
const { secretFile, current, accepted } = rotatedSecrets(project, STACK, CLIENT);
const items = async () => (JSON.parse((await get(PORT, HOST, "/api/items")).body) as { count: number }).count;
const EVERY = { superuser: true, cache: true, nats: true, apprun: true, reader: true, repository: true };

describe.skipIf(!(await hasRestic()))("the rotation of every secret under load (skipped without restic 0.17)", () => {
  let first: RotatedSecrets;
  let firstSet = "";

  beforeAll(async () => {
    await docker("rm", "-f", CLIENT).catch(() => "");
    await wipe(STACK);
    await ok(["up"]);
    await project.rememberSalt();
    await docker(
      "run",
      "-d",
      "--name",
      CLIENT,
      "--network",
      name("data"),
      "--entrypoint",
      "sleep",
      "postgres:17-alpine",
      "infinity",
    );
    expect((await get(PORT, HOST, "/api/items", { method: "POST", body: "kept" })).status).toBe(201);
    await docker(
      "exec",
      "-e",
      `REDISCLI_AUTH=${await secretFile("cache", "cache-password")}`,
      name("cache"),
      "valkey-cli",
      "set",
      "kept",
      "yes",
    );
    firstSet = (JSON.parse(await ok(["backup", "--json"])) as { set: string }).set;
    first = await current();
    expect(await accepted(first)).toEqual(EVERY);
  });
  afterAll(async () => {
    await docker("rm", "-f", CLIENT).catch(() => "");
    await wipe(STACK);
  });

  const raised: Record<string, number> = {};
  it.each(Object.keys(GROUPS))("restarts only what has it: %s", async (group) => {
    const { secrets, restarts, interrupts } = GROUPS[group]!;
    for (const secret of secrets) raised[secret] = 2;
    project.configure(settings(raised));
    const before = await containers(STACK);
    const load = new ConstantLoad(LOAD, { port: PORT });
    await ok(["up"]);
    await sleep(2000);
    const counts = await load.stop();
    console.log(`${group}: ${JSON.stringify(counts)}`);
    expect(changedContainers(before, await containers(STACK))).toEqual(restarts.map(name).sort());
    for (const [kind, { sent, failed }] of Object.entries(counts)) {
      expect(sent, kind).toBeGreaterThan(20);
      if (!interrupts.includes(kind)) expect(failed, kind).toBe(0);
    }
    expect((await get(PORT, HOST, "/ready")).status).toBe(200);
  });

  it("puts the new ones in force and the old ones out of it; the cache's goes with the next", async () => {
    await ok(["backup"]);
    expect(await accepted(await current())).toEqual(EVERY);
    expect(await accepted(first)).toEqual({
      superuser: false,
      cache: true,
      nats: false,
      apprun: false,
      reader: false,
      repository: false,
    });
    expect((await current()).jwt).not.toBe(first.jwt);
    expect(await items()).toBe(1);
    expect(await ok(["up"])).toContain("healthy");
  });

  it("killed at any point is completed by the next up, and loses nothing", async () => {
    project.configure(settings(all(3)));
    for (const after of [/cache starting/, /kratos starting/, /apprun starting/])
      expect(await killDuring(project, ["up"], { after }), after.source).toMatchObject({ ended: false });
    await ok(["up"]);
    await ok(["backup"]);
    expect(await accepted(await current())).toEqual(EVERY);
    expect(await accepted(first)).toEqual({
      superuser: false,
      cache: false,
      nats: false,
      apprun: false,
      reader: false,
      repository: false,
    });
    expect(await items()).toBe(1);
    const { password } = JSON.parse(await ok(["credentials", "cache", "--json"])) as { password: string };
    expect(
      (await docker("exec", "-e", `REDISCLI_AUTH=${password}`, name("cache"), "valkey-cli", "get", "kept")).trim(),
    ).toBe("yes");
  });

  it("refuses to go back, or two steps at once", async () => {
    project.configure(settings({ ...all(3), "cache-password": 2 }));
    expect(await project.cli(["up"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("cache-password: got 2 and 3 is in force") as string,
    });
    project.configure(settings({ ...all(3), "cache-password": 5 }));
    expect(await project.cli(["up"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("one step at a time; write 4") as string,
    });
    project.configure(settings(all(3)));
  });

  it("still restores a set that was taken under the first generation", async () => {
    expect((await get(PORT, HOST, "/api/items", { method: "POST", body: "after the set" })).status).toBe(201);
    await ok(["restore", "--set", firstSet, "--confirm", STACK]);
    expect(await items()).toBe(1);
  });
});
