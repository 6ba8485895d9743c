import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { budget, total } from "../../components/stack/budget.ts";
import { settingsFromFile } from "../../components/stack/stack-file.ts";
import { classicDashboard, dashboardsOf } from "../../components/services/grafana/dashboards.ts";
import { memoryRatios } from "../../components/services/kit/observability.ts";
import { exporterQueries } from "../../components/services/postgres/monitoring-sql.ts";
import { recordedConfigMaps, recordedFiles, type Files } from "../support/record/monitoring.ts";
import { appSpec } from "../support/record/specs.ts";

interface ClassicDashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly title: string;
    readonly gridPos: { x: number; y: number; w: number; h: number };
    readonly targets: { expr: string }[];
  }[];
}
const dashboards = (files: Files) =>
  [...files]
    .filter(([path]) => path.startsWith("/etc/grafana/dashboards/"))
    .map(([, text]) => JSON.parse(text) as ClassicDashboard);
const ruleNames = (files: Files) =>
  (
    parse(files.get("/etc/prometheus/rules.yml") ?? "") as {
      groups: { name: string; rules: { alert?: string; record?: string }[] }[];
    }
  ).groups;
const alertNames = (files: Files) => ruleNames(files).flatMap(({ rules }) => rules.flatMap(({ alert }) => alert ?? []));
const jobs = (files: Files) =>
  (
    parse(files.get("/etc/prometheus/prometheus.yml") ?? "") as { scrape_configs: { job_name: string }[] }
  ).scrape_configs.map(({ job_name }) => job_name);

describe("what is on decides what is watched", () => {
  let all: (container: string) => Files;
  beforeAll(async () => {
    all = await recordedFiles({});
  });

  it("everything on: every target, and a dashboard with a stable uid for each service", () => {
    expect(jobs(all("prometheus"))).toEqual([
      "prometheus",
      "alertmanager",
      "apprun",
      "backup-metrics",
      "cache-exporter",
      "grafana",
      "host-exporter",
      "kratos",
      "postgres-exporter",
      "proxy",
      "temporal",
    ]);
    expect(
      dashboards(all("grafana"))
        .map(({ uid }) => uid)
        .sort(),
    ).toEqual(
      ["app", "backup", "cache", "host", "kratos", "monitoring", "overview", "postgres", "proxy", "temporal"].map(
        (name) => `apprun-${name}`,
      ),
    );
  });

  it.each([
    ["temporal", { temporal: { enabled: false } }, /^Temporal/],
    ["postgres-exporter", { exporters: { postgres: false } }, /^(Postgres|KratosCourier|KratosMails|TemporalSchema)/],
    ["cache-exporter", { exporters: { cache: false } }, /^Cache/],
    ["host-exporter", { exporters: { host: false } }, /^Host/],
    ["alertmanager", { alerting: { enabled: false } }, /^(Alertmanager|PrometheusCannotNotify)/],
  ])(
    "without %s its target, alerts and panels are gone, and nothing else",
    { timeout: 30_000 },
    async (job, settings, names) => {
      const less = await recordedFiles(settings);
      expect(jobs(less("prometheus"))).toEqual(jobs(all("prometheus")).filter((name) => name !== job));
      const gone = alertNames(all("prometheus")).filter((name) => !alertNames(less("prometheus")).includes(name));
      expect(gone.length).toBeGreaterThan(0);
      expect(gone.filter((name) => !names.test(name))).toEqual([]);
      expect(alertNames(less("prometheus")).filter((name) => names.test(name))).toEqual([]);
    },
  );

  it("without Prometheus nothing watches, and the cache has no user for it", async () => {
    const nothing = await recordedFiles({ prometheus: { enabled: false } });
    for (const container of ["prometheus", "alertmanager", "postgres-exporter", "cache-exporter", "host-exporter"])
      expect([...nothing(container).keys()], container).toEqual([]);
    expect(nothing("cache").get("/run/secrets/cache-auth.conf")).not.toContain("user monitoring");
    expect(dashboards(nothing("grafana"))).toEqual([]);
  });

  it("is the same on Kubernetes, except for the host and the proxy, which are the cluster's, and what the cluster says of pods", async () => {
    const maps = await recordedConfigMaps({});
    interface Group {
      readonly name: string;
      readonly rules: readonly object[];
    }
    const groups = (text: string | undefined) =>
      new Map((parse(text ?? "") as { groups: Group[] }).groups.map(({ name, rules }) => [name, rules]));
    const [docker, kubernetes] = [
      groups(all("prometheus").get("/etc/prometheus/rules.yml")),
      groups(maps.get("etc_prometheus_rules.yml")),
    ];
    expect([...docker.keys()].filter((name) => !kubernetes.has(name))).toEqual(["host", "proxy"]);
    expect([...kubernetes.keys()].filter((name) => !docker.has(name))).toEqual(["kubernetes"]);
    // The group of the stack has a line for each workload.
    for (const [name, rules] of kubernetes)
      if (name !== "stack" && name !== "kubernetes") expect(rules, name).toEqual(docker.get(name));
    const uids = [...maps.keys()].flatMap((key) => /^etc_grafana_dashboards_(.*)\.json$/.exec(key)?.[1] ?? []);
    expect(uids.sort()).toEqual(
      ["app", "backup", "cache", "kratos", "kubernetes", "monitoring", "overview", "postgres", "temporal"].map(
        (name) => `apprun-${name}`,
      ),
    );
  });

  it("panels lie on the grid of 24 columns without covering each other", () => {
    for (const { uid, panels } of dashboards(all("grafana"))) {
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
      );
      expect(new Set(cells).size, uid).toBe(cells.length);
      expect(Math.max(...panels.map(({ gridPos }) => gridPos.x + gridPos.w)), uid).toBeLessThanOrEqual(24);
    }
  });

  it("lets the cache's monitoring user ask for figures, not for keys or the configuration", () => {
    const line = /^user monitoring .*$/m.exec(all("cache").get("/run/secrets/cache-auth.conf") ?? "")?.[0] ?? "";
    expect(line).toContain("resetkeys resetchannels -@all +ping +info");
    expect(line).not.toMatch(/\+(config|get\b|keys|@)/);
  });

  it("lets PostgreSQL's monitoring role read statistics and the named columns", () => {
    const sql = all("postgres-exporter-role").get("/etc/apprun/job.sql") ?? "";
    expect(sql.match(/^GRANT .*$/gm)).toEqual([
      'GRANT CONNECT ON DATABASE "kratos" TO "monitoring";',
      'GRANT SELECT ("status", "created_at") ON public."courier_messages" TO "monitoring";',
      'GRANT CONNECT ON DATABASE "temporal" TO "monitoring";',
      'GRANT SELECT ("curr_version") ON public."schema_version" TO "monitoring";',
      'GRANT CONNECT ON DATABASE "temporal_visibility" TO "monitoring";',
      'GRANT SELECT ("curr_version") ON public."schema_version" TO "monitoring";',
    ]);
    const roles = all("postgres-provision").get("/etc/apprun/job.sql") ?? "";
    expect(roles.match(/^GRANT .* TO "monitoring";$/gm)).toEqual(['GRANT "pg_monitor" TO "monitoring";']);
  });
});

it("a query for one database returns nothing in another, and quotes what it holds", () => {
  const metric = {
    name: "mail",
    database: "kratos",
    table: "mails",
    columns: ["state"],
    query: "SELECT count(*) FILTER (WHERE state = 'x') AS waiting",
    values: { waiting: "…" },
  };
  const { mail } = parse(exporterQueries([], [metric])) as Record<string, { query: string }>;
  expect(mail?.query).toBe(
    "SELECT (xpath('/row/waiting/text()', result))[1]::text::float8 AS waiting FROM (SELECT query_to_xml('SELECT count(*) FILTER (WHERE state = ''x'') AS waiting FROM public.\"mails\"', true, true, '') AS result FROM pg_class WHERE current_database() = 'kratos' AND oid = to_regclass('public.mails')) AS counted",
  );
});

it("memory is compared with the model's limit, by what the process or its exporter reports", () => {
  const workload = (name: string, changes: Parameters<typeof appSpec>[0]) => ({ name, spec: appSpec(changes) });
  const metrics = { port: "http", path: "/metrics" };
  expect(
    memoryRatios([
      workload("web", { metrics }),
      workload("store", {}),
      workload("quiet", {}),
      workload("exporter", {
        metrics,
        observability: { service: "store", memory: { workload: "store", used: "store_bytes" } },
      }),
    ]),
  ).toEqual([
    {
      record: "workload:memory_used:ratio",
      expr: 'max by (instance, service) (process_resident_memory_bytes{job="web"}) / 134217728',
      labels: { workload: "web" },
    },
    {
      record: "workload:memory_used:ratio",
      expr: "max by (instance, service) (store_bytes) / 134217728",
      labels: { workload: "store" },
    },
    {
      record: "workload:memory_used:ratio",
      expr: 'max by (instance, service) (process_resident_memory_bytes{job="exporter"}) / 134217728',
      labels: { workload: "exporter" },
    },
  ]);
});

it("the overview shows figures before graphs, and queries keep their legends", () => {
  const graph = { title: "graph", unit: "s" as const, queries: [{ expr: "a", legend: "A" }] };
  const figure = {
    title: "figure",
    kind: "stat" as const,
    unit: "bool" as const,
    width: 24,
    redBelow: 1,
    queries: [{ expr: "b", legend: "B" }],
  };
  const [overview, own] = dashboardsOf([
    { service: "x", overview: [graph, figure], dashboard: { uid: "apprun-x", title: "X", panels: [graph] } },
  ]);
  expect(overview?.panels.map(({ title }) => title)).toEqual(["figure", "graph"]);
  expect(own?.uid).toBe("apprun-x");
  expect(classicDashboard(overview!)).toMatchObject({
    uid: "apprun-overview",
    panels: [
      {
        id: 1,
        type: "stat",
        gridPos: { x: 0, y: 0, w: 24, h: 5 },
        targets: [{ refId: "A", expr: "b", legendFormat: "B", instant: true }],
      },
      { id: 2, type: "timeseries", gridPos: { x: 0, y: 5, w: 12, h: 8 }, fieldConfig: { defaults: { unit: "s" } } },
    ],
  });
});

it("in dev what watches may use at most 15 % of the stack's memory", () => {
  const settings = settingsFromFile(".", "apprun", "dev");
  const rows = budget(settings);
  const unwatched = budget({ ...settings, prometheus: { ...settings.prometheus, enabled: false } }).map(
    ({ service }) => service,
  );
  const watching = rows.filter(({ service }) => !unwatched.includes(service));
  expect(watching.map(({ service }) => service)).toContain("prometheus");
  expect(total(watching, "memory") / total(rows, "memory")).toBeLessThanOrEqual(0.15);
});
