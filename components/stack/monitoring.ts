import type { ComponentResource } from "@pulumi/pulumi";
import type { Settings } from "./settings.ts";
import type { StackDatabases } from "./databases.ts";
import type { Observability } from "../model/observability.ts";
import type { Ready } from "../model/workload.ts";
import { APP_DATABASE } from "../services/app/index.ts";
import { DASHBOARDS } from "../services/grafana/index.ts";
import type { DataSource, Made } from "../services/kit/made.ts";
import { MONITORING } from "../services/postgres/index.ts";
import { Alertmanager } from "../services/alertmanager/alertmanager.ts";
import { CacheExporter } from "../services/cache/exporter.ts";
import type { CacheServer } from "../services/cache/server.ts";
import { dashboardsOf } from "../services/grafana/dashboards.ts";
import { Grafana } from "../services/grafana/grafana.ts";
import { HostExporter } from "../services/host/exporter.ts";
import { KubeStateMetrics } from "../services/cluster/kube-state-metrics.ts";
import { kubeletObservability } from "../services/prometheus/kubelet-observability.ts";
import { NatsExporter } from "../services/nats/exporter.ts";
import type { Nats } from "../services/nats/nats.ts";
import { needsOf, observabilityOf, sqlMetricsOf, type Need } from "../services/kit/observability.ts";
import { PgbouncerExporter } from "../services/pgbouncer/exporter.ts";
import type { Pgbouncer } from "../services/pgbouncer/pgbouncer.ts";
import { PostgresExporter } from "../services/postgres/exporter.ts";
import { prometheusObservability } from "../services/prometheus/observability.ts";
import { Prometheus, prometheusEndpoint } from "../services/prometheus/prometheus.ts";
import type { Shared } from "./shared.ts";

export interface MonitoringArgs {
  readonly settings: Settings;
  readonly shared: Shared;
  readonly databases: StackDatabases;
  /** @default - the stack has none */
  readonly pooler: Pgbouncer | undefined;
  readonly cache: CacheServer;
  /** @default - the stack has none */
  readonly nats: Nats | undefined;
  /** What Grafana can ask besides Prometheus and Alertmanager. */
  readonly sources: readonly DataSource[];
  /** What must be there before the services' own tables can be asked. */
  readonly tables: readonly Ready[];
  readonly urls: { readonly grafana: string; readonly alertmanager: string };
}

/** What watches the stack, as far as it is on. */
export type Monitoring = readonly Made[];

/**
 * Everything that watches, after everything that is watched: exporters first,
 * because Grafana's dashboards and Prometheus' rules derive from them too.
 */
export function createMonitoring(args: MonitoringArgs, parent: ComponentResource): Monitoring {
  const { settings, shared, urls } = args;
  const { platform } = shared;
  const child = { parent };
  const on = settings.prometheus.enabled;
  const needs = [...needsOf(platform.workloads()), ...externalNeeds(settings, args.databases)];
  if (on) createExporters(args, parent);

  const alerting = on && settings.alerting.enabled;
  const kubeletsOf = settings.exporters.kubelets ? platform.facts.namespace : undefined;
  const watched = (): readonly Observability[] =>
    observabilityOf(platform.workloads(), { sql: on && settings.exporters.postgres });
  const own = [
    prometheusObservability({ alertmanager: alerting }),
    ...(kubeletsOf === undefined ? [] : [kubeletObservability()]),
  ];
  const alertmanager = alerting
    ? new Alertmanager(
        "alertmanager",
        {
          ...shared,
          ...settings.alerting,
          observabilities: [...watched(), ...own],
          needs,
          secrets: receiverSecrets(settings),
          url: urls.alertmanager,
        },
        child,
      )
    : undefined;
  const dashboards = args.databases.login(DASHBOARDS);
  const grafana = settings.grafana.enabled
    ? new Grafana(
        "grafana",
        {
          ...shared,
          ...settings.grafana,
          prometheus: prometheusEndpoint("prometheus"),
          sources: [...(alertmanager === undefined ? [] : [alertmanager.dataSource]), ...args.sources],
          database: dashboards && { ...dashboards, name: args.databases.database(APP_DATABASE.name).name },
          dashboards: on ? dashboardsOf([...own, ...watched()]) : [],
          url: urls.grafana,
        },
        child,
      )
    : undefined;
  const prometheus = on
    ? new Prometheus(
        "prometheus",
        {
          ...shared,
          ...settings.prometheus,
          stack: settings.identity.stack,
          workloads: platform.workloads(),
          observabilities: [...watched(), ...own],
          kubeletsOf,
          runbooks: settings.alerting.runbooks,
          alertmanager: alertmanager?.http,
        },
        child,
      )
    : undefined;
  return [grafana, prometheus, alertmanager].filter((each) => each !== undefined);
}

function createExporters(
  { settings, shared, databases, pooler, cache, nats, tables }: MonitoringArgs,
  parent: ComponentResource,
): void {
  const { exporters } = settings;
  const common = { ...shared, resources: exporters.resources };
  const { platform } = shared;
  const monitoring = databases.login(MONITORING);
  if (monitoring !== undefined)
    new PostgresExporter(
      "postgres-exporter",
      {
        ...common,
        login: monitoring,
        admin: { user: databases.administrator.role, password: databases.administrator.password },
        metrics: sqlMetricsOf(platform.workloads()),
        replica: settings.postgres.replica.enabled,
        dependsOn: [databases.database(APP_DATABASE.name).ready, ...tables],
      },
      { parent },
    );
  if (exporters.pgbouncer && pooler !== undefined)
    new PgbouncerExporter("pgbouncer-exporter", { ...common, pooler }, { parent });
  if (cache.monitoring !== undefined)
    new CacheExporter("cache-exporter", { ...common, cache, login: cache.monitoring }, { parent });
  if (exporters.nats && nats !== undefined)
    new NatsExporter("nats-exporter", { ...common, monitoring: nats.monitoring, dependsOn: [nats.ready] }, { parent });
  const { namespace } = platform.facts;
  if (exporters.kubernetes && namespace !== undefined)
    new KubeStateMetrics("kube-state-metrics", { ...common, namespace }, { parent });
  if (exporters.host && platform.facts.singleHost) new HostExporter("host-exporter", common, { parent });
}

/** Who needs a server that is no workload: the roles are named after their services. */
function externalNeeds({ postgres, cache }: Settings, { databases }: StackDatabases): readonly Need[] {
  return [
    ...(postgres.mode === "external" ? [...databases.values()].map(({ role }): Need => [role, "postgres"]) : []),
    ...(cache.mode === "external" ? [["apprun", "cache"] as const] : []),
  ];
}

function receiverSecrets({ secrets }: Settings) {
  return {
    webhook: secrets.alertWebhookUrl,
    slack: secrets.alertSlackUrl,
    feishu: secrets.alertFeishuUrl,
    dingtalk: secrets.alertDingtalkUrl,
    heartbeat: secrets.alertHeartbeatUrl,
    email: secrets.alertEmailPassword,
  };
}
