import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changedContainers, containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { dashboardQueries, grafana } from "../support/e2e/grafana.ts";
import { generatedSecrets } from "../support/e2e/inspect.ts";
import { expectData, MonitoringApi } from "../support/e2e/prometheus.ts";
import { Receiver } from "../support/fakes/receiver.ts";

const STACK = "pr-702";
const PORT = 10_702;
const HOST = `${STACK}.localhost`;
const SETTINGS = { ...SMALL, alerting: { groupWait: "5s", groupInterval: "15s" } };
const TARGETS = [
  "alertmanager",
  "apprun",
  "cache-exporter",
  "grafana",
  "host-exporter",
  "kratos",
  "postgres-exporter",
  "prometheus",
  "proxy",
  "temporal",
];
/** What the stand-in for the app does not report, so that it must show as missing. */
const MISSING = ["apprun_function_invocations_total", "apprun_memory_usage_bytes", "apprun_workflow_executions_total"];

const name = (service: string) => `apprun-${STACK}-${service}`;
const project = new TestProject(STACK, SETTINGS);
const api = new MonitoringApi(project, PORT, HOST);
let receiver: Receiver;

describe("monitoring on a real Docker Engine", () => {
  beforeAll(async () => {
    await wipe(STACK);
    receiver = await Receiver.listen(10_790);
  });
  afterAll(async () => {
    receiver.close();
    await wipe(STACK);
  });

  it("has every target up and every rule evaluated within a minute of up, and nothing fires but the watchdog", async () => {
    expect((await project.cli(["preview"])).code).toBe(0); // makes the stack and its passphrase
    await project.rememberSalt();
    for (const [key, path] of [
      ["alertWebhookUrl", "webhook"],
      ["alertFeishuUrl", "feishu"],
      ["alertHeartbeatUrl", "heartbeat"],
    ] as const)
      expect(
        (await project.pulumi(["config", "set", "--secret", `apprun:${key}`, `${receiver.url}/${path}`])).code,
      ).toBe(0);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await expect
      .poll(() => api.targets(), { timeout: 60_000, interval: 1000 })
      .toEqual(Object.fromEntries(TARGETS.map((target) => [target, "up"])));
    await expect
      .poll(() => api.query("count(apprun:contract_metric:present)"), { timeout: 30_000, interval: 1000 })
      .toHaveLength(1);
    expect(await api.brokenRules()).toEqual([]);
    expect(await api.firing()).toEqual(["Watchdog"]);
  });

  it("asks databases and cache through users that see figures and nothing else", async () => {
    const secrets = await generatedSecrets(project);
    const sql = (database: string, query: string) =>
      docker(
        "exec",
        name("postgres"),
        "psql",
        `postgres://monitoring:${secrets["postgres-exporter"] ?? ""}@127.0.0.1:5432/${database}`,
        "-tAc",
        query,
      ).then(
        (text) => text.trim(),
        (error: unknown) => /permission denied for \w+ "?\w+"?/.exec(String(error))?.[0] ?? String(error),
      );
    expect(await sql("kratos", "select count(status) from courier_messages")).toBe("0");
    expect(await sql("kratos", "select recipient from courier_messages")).toBe(
      "permission denied for table courier_messages",
    );
    expect(await sql("kratos", "select traits from identities")).toBe("permission denied for table identities");
    expect(await sql("apprun", "select 1")).toBe('permission denied for database "apprun"');
    const cache = (...command: string[]) =>
      docker(
        "exec",
        "-e",
        `REDISCLI_AUTH=${secrets["cache-monitoring"] ?? ""}`,
        name("cache"),
        "valkey-cli",
        "--user",
        "monitoring",
        ...command,
      );
    expect(await cache("ping")).toContain("PONG");
    expect(await cache("config", "get", "requirepass")).toContain("NOPERM");
    expect(await cache("get", "session")).toContain("NOPERM");
  });

  it("answers every query of every dashboard, asked of Prometheus itself", async () => {
    for (let i = 0; i < 20; i++) await get(PORT, HOST, i % 2 === 0 ? "/api/items" : "/health");
    const found = (await grafana(project, PORT, "/api/search?type=dash-db")) as { uid: string }[];
    expect(found).toHaveLength(9);
    const queries: string[] = [];
    for (const { uid } of found) queries.push(...(await dashboardQueries(project, PORT, uid)));
    expect(queries.length).toBeGreaterThan(60);
    await expectData((expr) => api.query(expr), queries);
    console.log(`${queries.length} queries of ${found.length} dashboards have data`);
  });

  it("shows which metrics of the contract the app does not report", async () => {
    const missing = await api.query("apprun:contract_metric:present == 0");
    expect(missing.map(({ metric }) => metric["metric"]).sort()).toEqual(MISSING);
  });

  it("costs little: series, memory and disk of what watches", async () => {
    const [series] = await api.query("prometheus_tsdb_head_series");
    const [disk] = await api.query(
      "prometheus_tsdb_storage_blocks_bytes + prometheus_tsdb_wal_storage_size_bytes + prometheus_tsdb_head_chunks_storage_size_bytes",
    );
    const lines = (await docker("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}"))
      .split("\n")
      .filter((line) => line.startsWith(name("")));
    const memory = lines.map((line) => ({
      watches: /-(prometheus|alertmanager|\w+-exporter) /.test(line),
      used: mebibytes(line, 1),
      limit: mebibytes(line, 2),
    }));
    const sum = (rows: typeof memory, column: "used" | "limit") => rows.reduce((total, row) => total + row[column], 0);
    const watching = memory.filter(({ watches }) => watches);
    console.log(
      `series ${series?.value[1] ?? "?"}, disk ${disk?.value[1] ?? "?"} bytes; memory of what watches ${sum(watching, "used").toFixed(0)} MiB of ${sum(memory, "used").toFixed(0)} MiB used, of ${sum(memory, "limit")} MiB that the stack may use\n${lines.join("\n")}`,
    );
    expect(watching).toHaveLength(5);
    expect(Number(series?.value[1])).toBeLessThan(4000);
    expect(sum(watching, "used") / sum(memory, "limit")).toBeLessThan(0.15);
  });

  it("tells of a stopped PostgreSQL, and of no warning that follows from it", async () => {
    await docker("stop", "--time", "30", name("postgres"));
    await expect
      .poll(() => receiver.arrived("/webhook"), { timeout: 180_000, interval: 1000 })
      .toEqual(["firing PostgresDown"]);
    // A warning of what depends on it; each start must be seen by Prometheus, which asks every 15 s.
    for (let start = 0; start < 3; start++) {
      await docker("restart", name("apprun"));
      await new Promise((resolve) => setTimeout(resolve, 20_000));
    }
    await expect.poll(() => api.firing(), { timeout: 180_000, interval: 1000 }).toContain("ProcessRestarting");
    await expect
      .poll(() => api.held(), { timeout: 60_000, interval: 1000 })
      .toMatchObject({ PostgresDown: "active", ProcessRestarting: "muted" });
    await new Promise((resolve) => setTimeout(resolve, 25_000));
    expect(receiver.arrived("/webhook")).toEqual(["firing PostgresDown"]);
    const sent = receiver.messages.find(({ path }) => path === "/webhook")?.body.alerts?.[0];
    expect(sent).toMatchObject({
      labels: { severity: "critical", service: "postgres", stack: STACK },
      annotations: {
        runbook_url: "docs/runbooks/PostgresDown.md",
        description: expect.stringContaining("is 0") as string,
      },
    });
    expect(receiver.messages.find(({ path }) => path === "/feishu")?.body).toMatchObject({
      msg_type: "text",
      content: {
        text: expect.stringContaining("[firing] critical, pr-702/postgres: PostgreSQL does not answer") as string,
      },
    });
  });

  it("tells of its return, then of what lasts longer, and the heartbeat went on", async () => {
    await docker("start", name("postgres"));
    await expect
      .poll(() => [...receiver.arrived("/webhook")].sort(), { timeout: 180_000, interval: 1000 })
      .toEqual(["firing PostgresDown", "firing ProcessRestarting", "resolved PostgresDown"]);
    expect(receiver.arrived("/heartbeat")).toEqual(["firing Watchdog"]);
    await expect
      .poll(() => api.targets(), { timeout: 60_000, interval: 1000 })
      .toEqual(Object.fromEntries(TARGETS.map((target) => [target, "up"])));
  });

  it("changes nothing in a second up", async () => {
    await expect.poll(async () => (await project.cli(["status"])).code, { timeout: 90_000, interval: 2000 }).toBe(0);
    const before = await containers(STACK);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    expect(changedContainers(before, await containers(STACK))).toEqual([]);
  });
});

/** The n-th amount in a line of `docker stats`, in MiB. */
function mebibytes(line: string, n: number): number {
  const amounts = [...line.matchAll(/([\d.]+)(KiB|MiB|GiB)/g)];
  const [, value = "0", unit = "MiB"] = amounts[n - 1] ?? [];
  return Number(value) * { KiB: 1 / 1024, MiB: 1, GiB: 1024 }[unit as "MiB"];
}
