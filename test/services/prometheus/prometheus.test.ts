import { output } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { parse } from "yaml";
import type { Metrics, Ready } from "../../../components/model/workload.ts";
import { workloadHandle } from "../../../components/platform/handles.ts";
import { prometheusConfiguration, scrapeTargets } from "../../../components/services/prometheus/config.ts";
import { appSpec } from "../../support/record/specs.ts";

const ready = { name: "x", kind: "job", resource: output(undefined) } as unknown as Ready;

it("Prometheus scrapes every replica of whoever declares metrics, and nobody else", () => {
  const handle = (name: string, names: string[], metrics?: Partial<Metrics>) =>
    workloadHandle(name, appSpec(metrics ? { metrics: { port: "http", path: "/metrics", ...metrics } } : {}), ready, {
      replicaHosts: names,
    });
  const targets = scrapeTargets([
    handle("web", ["web-1", "web-2"], {}),
    handle("quiet", ["quiet"]),
    handle("auth", ["auth"], { keep: "auth_.*" }),
  ]);
  const own = { address: "localhost:9090", metrics: { port: "http", path: "/metrics", drop: "go_.*" } };
  const config = parse(
    prometheusConfiguration({ targets, scrapeInterval: "15s", stack: "dev", rules: "/rules.yml", own }),
  ) as { scrape_configs: object[] };
  const job = (name: string, targets: string[]) => ({
    job_name: name,
    metrics_path: "/metrics",
    sample_limit: 2000,
    static_configs: [{ targets }],
    relabel_configs: [{ target_label: "service", replacement: name }],
  });
  expect(config.scrape_configs).toEqual([
    {
      ...job("prometheus", ["localhost:9090"]),
      metric_relabel_configs: [{ source_labels: ["__name__"], regex: "go_.*", action: "drop" }],
    },
    {
      ...job("auth", ["auth:8080"]),
      metric_relabel_configs: [{ source_labels: ["__name__"], regex: "auth_.*", action: "keep" }],
    },
    job("web", ["web-1:8080", "web-2:8080"]),
  ]);
  expect(config).toMatchObject({ global: { external_labels: { stack: "dev" } }, rule_files: ["/rules.yml"] });
  expect(config).not.toHaveProperty("alerting");
});
