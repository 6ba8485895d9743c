import { output, secret, type Output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Metrics } from "../../components/model/workload.ts";
import { configuration } from "../../components/services/cache/cache.ts";
import { databaseAccess, databaseUrl, type Database } from "../../components/services/postgres/database.ts";
import { kratosConfiguration, kratosSecrets } from "../../components/services/kratos/config.ts";
import { dataPath, majorVersion } from "../../components/model/postgres-version.ts";
import { tuning } from "../../components/services/postgres/tuning.ts";
import { prometheusConfiguration, scrapeTargets } from "../../components/services/prometheus/config.ts";
import { temporalConfiguration } from "../../components/services/temporal/config.ts";
import { workloadHandle } from "../../components/platform/handles.ts";
import { appSpec, endpoint } from "../support/record/specs.ts";

const value = <T>(from: Output<T>) => new Promise<T>((resolve) => void from.apply(resolve));
const ready = { name: "x", kind: "job", resource: output(undefined) } as unknown as Database["ready"];
const database: Database = {
  name: "kratos",
  role: "kratos",
  password: secret("pw"),
  connectionLimit: 17,
  server: { host: "postgres", port: 5432, sslMode: "disable", endpoint: endpoint("postgres", 5432, { zone: "data" }) },
  ready,
};

describe("PostgreSQL", () => {
  it.each([
    ["15", "/var/lib/postgresql/data"],
    ["17", "/var/lib/postgresql/data"],
    ["18", "/var/lib/postgresql"],
  ])("%s keeps its data in %s", (major, path) => {
    expect(dataPath(major)).toBe(path);
  });

  it("of a major version without a known data path is refused", () => {
    expect(() => dataPath("12")).toThrow('image "postgres": got major version "12"; allowed: 15, 16, 17, 18; set images.pins.postgres.tag to one of them');
    expect(["17-alpine", "17.9", "18"].map((tag) => majorVersion({ tag }))).toEqual(["17", "17", "18"]);
  });

  it("is tuned as the seed for 2 GiB, and in proportion for less", () => {
    expect(tuning("2Gi", 200)).toEqual({
      shared_buffers: "512MB",
      effective_cache_size: "2048MB",
      maintenance_work_mem: "128MB",
      max_connections: "200",
      password_encryption: "scram-sha-256",
    });
    expect(tuning("256Mi", 50)).toMatchObject({ shared_buffers: "64MB", effective_cache_size: "256MB", maintenance_work_mem: "16MB" });
  });

  it("is reached inside by its endpoint, and outside by a way out", () => {
    expect(databaseAccess(database)).toEqual({ connectsTo: [database.server.endpoint], egress: false });
    expect(databaseAccess({ server: { host: "db.example.com", port: 5432, sslMode: "require" } })).toEqual({ connectsTo: [], egress: true });
  });

  it("has a URL for its consumers", async () => {
    expect(await value(databaseUrl(database))).toBe("postgres://kratos:pw@postgres:5432/kratos?sslmode=disable");
  });
});

it("the cache appends to a file, keeps to its memory and reads its password from a file of its own", () => {
  expect(configuration({ maxMemory: "512Mi", policy: "allkeys-lru", directory: "/data" }).split("\n")).toEqual([
    "bind * -::*",
    "port 6379",
    "protected-mode yes",
    "dir /data",
    "appendonly yes",
    "appendfsync everysec",
    "maxmemory 512mb",
    "maxmemory-policy allkeys-lru",
    "include /run/secrets/cache-auth.conf",
    "",
  ]);
});

describe("Kratos", () => {
  const args = { publicUrl: "http://auth.example.com/", appUrl: "http://example.com/", sessionLifespan: "24h" };

  it("keeps its database and its keys out of the plain configuration", async () => {
    const text = kratosConfiguration(args);
    expect(text).not.toContain("dsn");
    expect(parse(text)).toMatchObject({
      serve: { public: { base_url: "http://auth.example.com/" } },
      selfservice: { flows: { login: { ui_url: "http://example.com/auth/login" } } },
    });
    const secrets = await value(
      kratosSecrets({ database, replicas: 2, cookies: [secret("c"), secret("c1")], ciphers: [secret("k")], smtpUri: output(undefined) }),
    );
    expect(parse(secrets)).toEqual({
      dsn: "postgres://kratos:pw@postgres:5432/kratos?sslmode=disable&max_conns=8",
      secrets: { cookie: ["c", "c1"], cipher: ["k"] },
    });
  });

  it("offers recovery and verification only where mail can be sent", () => {
    const flows = (mail?: { from: string }) =>
      (parse(kratosConfiguration({ ...args, mail })) as { selfservice: { flows: Record<string, { enabled?: boolean }> } }).selfservice.flows;
    expect(flows()["recovery"]?.enabled).toBe(false);
    expect(flows({ from: "noreply@example.com" })["recovery"]?.enabled).toBe(true);
  });
});

it("Temporal listens on every network it is in and knows both databases", async () => {
  const visibility = { ...database, name: "temporal_visibility" };
  const config = parse(await value(temporalConfiguration({ store: database, visibility, historyShards: 4 }))) as {
    services: Record<string, { rpc: { bindOnIP: string } }>;
    persistence: object;
  };
  expect(Object.values(config.services).map(({ rpc }) => rpc.bindOnIP)).toEqual(["0.0.0.0", "0.0.0.0", "0.0.0.0", "0.0.0.0"]);
  expect(config.persistence).toMatchObject({
    numHistoryShards: 4,
    datastores: {
      default: { sql: { databaseName: "kratos", connectAddr: "postgres:5432", password: "pw" } },
      visibility: { sql: { databaseName: "temporal_visibility" } },
    },
  });
});

it("Prometheus scrapes every replica of whoever declares metrics, and nobody else", () => {
  const handle = (name: string, names: string[], metrics?: Partial<Metrics>) =>
    workloadHandle(name, appSpec(metrics ? { metrics: { port: "http", path: "/metrics", ...metrics } } : {}), ready, { replicaHosts: names });
  const targets = scrapeTargets([handle("web", ["web-1", "web-2"], {}), handle("quiet", ["quiet"]), handle("auth", ["auth"], { keep: "auth_.*" })]);
  const own = { address: "localhost:9090", metrics: { port: "http", path: "/metrics", drop: "go_.*" } };
  const config = parse(prometheusConfiguration({ targets, scrapeInterval: "15s", stack: "dev", rules: "/rules.yml", own })) as { scrape_configs: object[] };
  const job = (name: string, targets: string[]) => ({
    job_name: name,
    metrics_path: "/metrics",
    sample_limit: 2000,
    static_configs: [{ targets }],
    relabel_configs: [{ target_label: "service", replacement: name }],
  });
  expect(config.scrape_configs).toEqual([
    { ...job("prometheus", ["localhost:9090"]), metric_relabel_configs: [{ source_labels: ["__name__"], regex: "go_.*", action: "drop" }] },
    { ...job("auth", ["auth:8080"]), metric_relabel_configs: [{ source_labels: ["__name__"], regex: "auth_.*", action: "keep" }] },
    job("web", ["web-1:8080", "web-2:8080"]),
  ]);
  expect(config).toMatchObject({ global: { external_labels: { stack: "dev" } }, rule_files: ["/rules.yml"] });
  expect(config).not.toHaveProperty("alerting");
});
