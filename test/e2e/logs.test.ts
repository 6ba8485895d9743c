import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listeningSockets } from "../../cli/runtime/docker/sockets.ts";
import { LOG_LEVELS } from "../../components/services/logs/log-levels.ts";
import { hasImages } from "../support/e2e/available.ts";
import { changedContainers, containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { dashboardQueries, grafana } from "../support/e2e/grafana.ts";
import { expectLine, LokiApi } from "../support/e2e/loki.ts";
import { expectData, MonitoringApi } from "../support/e2e/prometheus.ts";

const STACK = "pr-712";
const PORT = 10_712;
const HOST = `${STACK}.localhost`;
const SETTINGS = {
  ...SMALL,
  temporal: { enabled: false },
  logs: { enabled: true, storage: "200Mi", retention: "48h" },
};

const name = (service: string) => `apprun-${STACK}-${service}`;
const project = new TestProject(STACK, SETTINGS);
const api = new MonitoringApi(project, PORT, HOST);
const loki = new LokiApi((path) => inApp(`curl -sf 'http://loki:3100${path}'`));
const soon = { timeout: 60_000, interval: 1000 };

describe.skipIf(!(await hasImages("loki", "alloy")))(
  "logs on a real Docker Engine, with the real Loki and Alloy (skipped without their images)",
  () => {
    beforeAll(() => wipe(STACK));
    afterAll(() => wipe(STACK));

    it("finds a JSON line of the app and a plain one of PostgreSQL, with the labels stack, service and level alone", async () => {
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      await project.rememberSalt();
      await psql("CREATE TABLE kept (id int)");
      await docker("restart", name("apprun"));
      await expectLine(
        loki,
        '{service="apprun"} |= "listening"',
        { stack: STACK, service: "apprun", level: "info" },
        /^\{.*"msg":"listening".*\}$/,
      );
      await expect(psql("SELECT 1/0")).rejects.toThrow("division by zero");
      await expectLine(
        loki,
        '{service="postgres"}',
        { stack: STACK, service: "postgres", level: "error" },
        / ERROR: {2}division by zero$/,
      );
      expect([...(await loki.labels())].sort()).toEqual(["level", "service", "stack"]);
      expect(await loki.values("stack")).toEqual([STACK]);
      const levels: readonly string[] = LOG_LEVELS;
      for (const level of await loki.values("level")) expect(levels).toContain(level);
    });

    it("has lines of everything but what collects and stores them, which would feed itself", async () => {
      const services = Object.keys(await containers(STACK)).map((container) => container.slice(name("").length));
      const found = await loki.values("service");
      expect(found).not.toContain("loki");
      expect(found).not.toContain("alloy");
      for (const service of found) expect(services).toContain(service);
      for (const service of ["alloy", "loki"]) expect(await driver(service)).toBe("json-file");
      for (const service of ["apprun", "postgres", "proxy", "kratos-migrate"])
        expect(await driver(service), service).toBe("gelf");
    });

    it("still answers to docker logs, also for lines that nobody took", async () => {
      expect(await docker("logs", name("apprun"))).toContain('"msg":"listening"');
      await docker("stop", name("alloy"));
      for (let count = 1; count <= 20; count++)
        await expect(psql(`SELECT ${count}/0`)).rejects.toThrow("division by zero");
      const log = await docker("logs", "--since", "1m", name("postgres"));
      for (let count = 1; count <= 20; count++) expect(log).toContain(`SELECT ${count}/0`);
      await docker("start", name("alloy"));
      await expect.poll(async () => (await api.targets())["alloy"], soon).toBe("up");
    });

    it("keeps what arrives while Loki is away", async () => {
      await docker("stop", name("loki"));
      await expect(psql("SELECT 712/0")).rejects.toThrow("division by zero");
      await docker("start", name("loki"));
      await expect
        .poll(() => loki.find('{service="postgres"} |= "SELECT 712/0"').catch(String), { ...soon, timeout: 120_000 })
        .toHaveLength(1);
    });

    it("listens on the loopback only, on the UDP port that the model names", async () => {
      const sockets = listeningSockets().filter(({ transport, port }) => transport === "udp" && port === PORT);
      expect(sockets).toEqual([{ transport: "udp", address: "127.0.0.1", port: PORT }]);
      await expect.poll(async () => (await project.cli(["status"])).code, { timeout: 90_000, interval: 2000 }).toBe(0);
    });

    it("keeps lines for as long as the settings say", async () => {
      const text = await loki.configuration();
      expect(text).toMatch(/^ {2}retention_period: 2d$/m);
      expect(text).toMatch(/^ {2}retention_enabled: true$/m);
      expect(text).toMatch(/^ {2}reporting_enabled: false$/m);
    });

    it("is watched: both are scraped, every query of the dashboard has data, and Grafana can ask it", async () => {
      await expect.poll(() => api.targets(), soon).toMatchObject({ loki: "up", alloy: "up" });
      // What it has not written yet is in memory.
      await inApp("curl -sf -X POST http://loki:3100/flush");
      const queries = await dashboardQueries(project, PORT, "apprun-logs");
      expect(queries.length).toBeGreaterThan(7);
      await expectData((expr) => api.query(expr), queries);
      expect(await api.brokenRules()).toEqual([]);
      expect(await grafana(project, PORT, "/api/datasources")).toContainEqual(
        expect.objectContaining({ uid: "loki", url: "http://loki:3100" }),
      );
    });

    it("changes nothing in a second up", async () => {
      const before = await containers(STACK);
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      expect(changedContainers(before, await containers(STACK))).toEqual([]);
    });

    it("switched off with the operator's word, gives containers their own log back, and keeps the volumes", async () => {
      project.configure({ ...SETTINGS, logs: { enabled: false } });
      const refused = await project.cli(["up"]);
      expect([refused.code, refused.stderr]).toEqual([
        1,
        expect.stringContaining("would drop what holds data or belongs to it: loki;"),
      ]);
      const { code, stderr } = await project.cli(["up", "--forget-data", "--confirm", STACK]);
      expect(code, stderr).toBe(0);
      const left = Object.keys(await containers(STACK));
      expect(left).not.toContain(name("loki"));
      expect(left).not.toContain(name("alloy"));
      for (const container of left) expect(await driver(container.slice(name("").length)), container).toBe("json-file");
      expect(await psql("SELECT count(*) FROM kept")).toContain("0");
      expect((await get(PORT, HOST, "/health")).status).toBe(200);
      expect(await docker("volume", "ls", "-q", "--filter", `name=${name("loki")}`)).toBe(`${name("loki")}\n`);
      expect(await docker("exec", name("prometheus"), "cat", "/etc/prometheus/rules.yml")).not.toContain("LokiDown");
      await expect(dashboardQueries(project, PORT, "apprun-logs")).rejects.toThrow();
    });
  },
);

/** Runs a line of shell in the app's own container. */
function inApp(line: string): Promise<string> {
  return docker("exec", name("apprun"), "sh", "-c", line);
}

function psql(statement: string): Promise<string> {
  return docker("exec", "--user", "postgres", name("postgres"), "psql", "-U", "postgres", "-c", statement);
}

async function driver(service: string): Promise<string> {
  return (await docker("inspect", "--format", "{{.HostConfig.LogConfig.Type}}", name(service))).trim();
}
