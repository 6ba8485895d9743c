import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { ConstantLoad } from "../support/e2e/constant-load.ts";
import { docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { MemoryWatch } from "../support/e2e/memory-watch.ts";

const STACK = "pr-714";
const PORT = 10_714;
/** Seconds under load, and before it without; APPRUN_E2E_LOAD=600 is the whole of it. */
const LOAD = Number(process.env["APPRUN_E2E_LOAD"] ?? "20");
const LIGHT = {
  profile: "light",
  images: SMALL.images,
  app: SMALL.app,
  postgres: { storage: "200Mi" },
  cache: { storage: "100Mi" },
  backup: { enabled: true },
};
const STANDARD = { ...SMALL, backup: { enabled: true } };

const name = (service: string) => `apprun-${STACK}-${service}`;

describe.skipIf(!(await hasRestic()))("a stack of the profile light (skipped without restic 0.17)", () => {
  const project = new TestProject(STACK, LIGHT);
  const sql = async (statement: string) =>
    (await docker("exec", name("postgres"), "psql", "-XAtq", "-U", "postgres", "-d", "apprun", "-c", statement)).trim();
  /** Rows, a key of the cache and a file of the app. */
  const data = async () => [
    await sql("SELECT count(*) FROM kept"),
    (await docker("exec", name("apprun"), "cat", "/data/storage/kept")).trim(),
  ];
  const KEPT = ["1000", "a file"];
  const up = async (...flags: string[]) => {
    const { code, stderr } = await project.cli(["up", ...flags]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
    return stderr;
  };
  const running = async () =>
    (await docker("ps", "--format", "{{.Names}}", "--filter", `label=io.apprun.stack=apprun/${STACK}`))
      .trim()
      .split("\n")
      .sort();
  const restarts = async () =>
    docker("inspect", "--format", "{{.Name}} {{.RestartCount}} {{.State.OOMKilled}}", ...(await running()));
  /** The stack for some seconds, with requests or without: what each container took at most. */
  const watched = async (seconds: number, clients: number) => {
    const watch = new MemoryWatch(STACK);
    const load = new ConstantLoad({ ready: [`${STACK}.localhost`, "/ready"] }, { port: PORT, clients });
    await sleep(seconds * 1000);
    const { ready } = await load.stop();
    return { peaks: watch.stop(), ready: ready! };
  };

  beforeAll(() => wipe(STACK));
  afterAll(() => wipe(STACK));

  it("comes up with services of its own limits and nothing that watches, and a second up changes nothing", async () => {
    await up();
    expect(await running()).toEqual(["apprun", "backup", "cache", "kratos", "postgres", "proxy", "temporal"].map(name));
    expect(await up()).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
  });

  it(`stays within its limits for ${LOAD} s idle and ${LOAD} s under load, and answers all of it`, async () => {
    const before = await restarts();
    const idle = await watched(LOAD, 0);
    const busy = await watched(LOAD, 4);
    const rows = Object.keys(busy.peaks).sort();
    console.log(
      [
        `${Math.round(busy.ready.sent / LOAD)} requests a second`,
        ...rows.map(
          (row) =>
            `${row} idle ${idle.peaks[row]?.peak} busy ${busy.peaks[row]?.peak} of ${busy.peaks[row]?.limit} MiB`,
        ),
      ].join("\n"),
    );
    expect(rows).toHaveLength(7);
    expect(busy.ready.sent).toBeGreaterThan(LOAD * 20);
    expect(busy.ready.failed).toBe(0);
    expect(await restarts()).toBe(before);
  });

  it("takes a backup, and a drill restores it", async () => {
    await sql("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS id; ALTER TABLE kept OWNER TO apprun");
    await docker("exec", name("apprun"), "sh", "-c", "echo a file >/data/storage/kept");
    for (const command of ["backup", "drill"]) {
      const { code, stderr } = await project.cli([command]);
      expect(code, stderr).toBe(0);
    }
    expect(await restarts()).toMatch(/^(\S+ 0 false\n)+$/);
  });

  it("becomes a standard one and is light again with its data", async () => {
    project.configure(STANDARD);
    await up();
    expect(await running()).toEqual(
      expect.arrayContaining(["prometheus", "grafana", "cache-exporter", "backup-metrics"].map(name)),
    );
    expect(await data()).toEqual(KEPT);
    project.configure(LIGHT);
    const refused = await project.cli(["up"]);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining("would drop what holds data or belongs to it: grafana, prometheus; allowed"),
    ]);
    await docker("exec", name("grafana"), "sh", "-c", "echo by hand >/var/lib/grafana/kept");
    await docker("exec", name("prometheus"), "sh", "-c", "echo by hand >/prometheus/kept");
    await up("--forget-data", "--confirm", STACK);
    expect(await data()).toEqual(KEPT);
    expect(await docker("volume", "ls", "-q")).toEqual(expect.stringContaining(name("grafana")));
  });

  it("becomes a standard one again with the volumes of Grafana and Prometheus that it had, and says what is left to do", async () => {
    project.configure(STANDARD);
    expect((await project.cli(["up"])).stderr).toContain("npm run up -- --take-data");
    const said = await up("--take-data", "--confirm", STACK);
    expect(said).toContain(`taken up: ${name("grafana")}, ${name("prometheus")}\n`);
    expect(said).toContain("set apprun:rotation.grafana-admin to 2 and run npm run up\n");
    expect(await docker("exec", name("grafana"), "cat", "/var/lib/grafana/kept")).toBe("by hand\n");
    expect(await docker("exec", name("prometheus"), "cat", "/prometheus/kept")).toBe("by hand\n");
    expect(await up()).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
  });
});
