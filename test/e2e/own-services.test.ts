import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasImage, hasRestic } from "../support/e2e/available.ts";
import { changedContainers, containers, docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { askPage, FILES, MIGRATE, SERVICES, WITH_SECRET, writeNote } from "../support/e2e/own-services.ts";

const STACK = "pr-870";
const PORT = 10_870;
const OFF = { enabled: false };
const SETTINGS = {
  ...SMALL,
  temporal: OFF,
  grafana: OFF,
  prometheus: OFF,
  backup: { enabled: true },
  host: { memory: "8Gi", cpu: "2", disk: "100Gi" },
  services: SERVICES,
};

const ready = (await hasImage("node:22-alpine")) && (await hasRestic());

describe.skipIf(!ready)("a frontend, a worker and a cron job of your own on a Docker host", () => {
  const project = new TestProject(STACK, SETTINGS);
  const name = (service: string) => `apprun-${STACK}-${service}`;
  const sql = async (statement: string, database: string) =>
    (await docker("exec", name("postgres"), "psql", "-XAtq", "-U", "postgres", "-d", database, "-c", statement)).trim();
  const page = () => askPage(PORT, STACK);
  const ok = async (...args: string[]) => {
    const { code, stdout, stderr } = await project.cli(args);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
    return { stdout, stderr };
  };

  beforeAll(async () => {
    await wipe(STACK);
    writeNote(project, "of the project\n");
  });
  afterAll(() => wipe(STACK));

  it("come up, reach what they connect to, and nothing else", async () => {
    await ok("up");
    expect(await page()).toEqual({
      text: "first",
      note: "of the project\n",
      login: `http://auth.${STACK}.localhost:${PORT}`,
      app: 200,
    });
    await expect
      .poll(async () => Number(await sql("select count(*) from ticks", "ticker")), { timeout: 20_000 })
      .toBeGreaterThan(1);
    const reach = (from: string, host: string, port: string) =>
      docker(
        "exec",
        name(from),
        "node",
        "-e",
        `require("net").connect(${port}, "${host}").on("connect", () => { console.log("open"); process.exit(); }).on("error", () => console.log("closed")).setTimeout(2000, () => { console.log("closed"); process.exit(); })`,
      );
    expect((await reach("web-1", "apprun", "8080")).trim()).toBe("open");
    expect((await reach("web-1", "postgres", "5432")).trim()).toBe("closed");
  });

  it("are left alone by a second up", async () => {
    const before = await containers(STACK);
    const { stderr } = await ok("up");
    expect(stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
    expect(await containers(STACK)).toEqual(before);
  });

  it("restart alone for a variable", async () => {
    const before = await containers(STACK);
    project.configure({ ...SETTINGS, services: { ...SERVICES, web: { ...SERVICES.web, env: { TEXT: "second" } } } });
    await ok("up");
    expect(changedContainers(before, await containers(STACK))).toEqual([name("web-1"), name("web-2")]);
    expect((await page()).text).toBe("second");
  });

  it("restart alone for a file of the project, and a migration runs again for its command", async () => {
    const before = await containers(STACK);
    writeNote(project, "another\n");
    const ticker = { ...SERVICES.ticker, migrate: { command: ["sh", "-c", `${MIGRATE} -qc 'select 1'`] } };
    project.configure({ ...SETTINGS, services: { ...SERVICES, ticker } });
    await ok("up");
    expect(changedContainers(before, await containers(STACK))).toEqual([
      name("ticker-migrate"),
      name("web-1"),
      name("web-2"),
    ]);
    expect((await page()).note).toBe("another\n");
    project.configure({
      ...SETTINGS,
      services: { ...SERVICES, ticker: { ...ticker, migrate: { command: ["false"] } } },
    });
    const running = await containers(STACK);
    const { code, stderr } = await project.cli(["up"]);
    expect([code === 0, stderr.includes("ticker-migrate")]).toEqual([false, true]);
    expect(changedContainers(running, await containers(STACK))).toEqual([name("ticker-migrate")]);
    project.configure(SETTINGS);
    await ok("up");
  });

  it("start again alone for another value of a secret", async () => {
    project.configure({ ...SETTINGS, services: WITH_SECRET });
    for (const value of ["sk_live_first", "sk_live_second"]) {
      const set = await project.pulumi(["config", "set", "--secret", "--path", "apprun:secrets.stripe", value]);
      expect(set.code, set.stderr).toBe(0);
      const before = await containers(STACK);
      await ok("up");
      const changed = changedContainers(before, await containers(STACK));
      expect(changed).toEqual([name("ticker"), name("ticker-migrate")]);
      expect((await docker("exec", name("ticker"), "printenv", "STRIPE_KEY")).trim()).toBe(value);
    }
    expect(project.output).not.toContain("sk_live");
    expect((await project.pulumi(["config", "rm", "--path", "apprun:secrets.stripe"])).code).toBe(0);
    await project.rememberSalt();
    project.configure(SETTINGS);
    await ok("up");
  });

  it("run at set times, on the app's database as the app", async () => {
    await expect
      .poll(() => sql("select tableowner from pg_tables where tablename = 'tidied'", "apprun"), { timeout: 90_000 })
      .toBe("apprun");
  });

  it("come back from a backup, database and volume", async () => {
    await ok("backup");
    const rows = await sql("select count(*), min(at) from ticks", "ticker");
    const [taken = ""] = (await docker("exec", name("ticker"), "cat", `${FILES}/last`)).split("\n");
    await docker("exec", name("ticker"), "sh", "-c", `echo lost >${FILES}/added`);
    await sql("truncate ticks", "ticker");
    await ok("restore", "--confirm", STACK);
    const first = (text: string) => text.split("|")[1];
    expect(first(await sql("select count(*), min(at) from ticks", "ticker"))).toBe(first(rows));
    const files = await docker("exec", name("ticker"), "ls", FILES);
    expect(files).not.toContain("added");
    expect(taken).not.toBe("");
    expect((await page()).text).toBe("first");
  });

  it("differ in nothing from the model, by doctor, and have their logins", async () => {
    const { stdout } = await project.cli(["doctor", "--json"]);
    const { findings } = JSON.parse(stdout) as { findings: { message: string }[] };
    expect(findings.filter(({ message }) => /-(ticker|tidy)\b/.test(message))).toEqual([]);
    const login = JSON.parse((await ok("credentials", "ticker-database", "--json")).stdout) as Record<string, unknown>;
    expect(JSON.stringify(login)).toContain("ticker");
  });

  it("are switched off with their data kept, and refused to be dropped", async () => {
    const { web, tidy } = SERVICES;
    project.configure({ ...SETTINGS, services: { web, tidy, ticker: { ...SERVICES.ticker, enabled: false } } });
    await ok("up");
    expect(Object.keys(await containers(STACK))).not.toContain(name("ticker"));
    expect(await docker("volume", "ls", "-q")).toContain(name("ticker-files"));
    expect(Number(await sql("select count(*) from ticks", "ticker"))).toBeGreaterThan(0);
    project.configure({ ...SETTINGS, services: { web, tidy } });
    const { code, stderr } = await project.cli(["up"]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("the settings would drop what holds data");
    expect(stderr).toContain("ticker-files");
    project.configure(SETTINGS);
    await ok("up");
    expect(Number(await sql("select count(*) from ticks", "ticker"))).toBeGreaterThan(0);
  });
});
