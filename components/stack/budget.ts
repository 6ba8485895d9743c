import { mebibytes, millicores } from "../model/units.ts";
import type { Resources } from "../model/workload.ts";
import { BACKUP_METRICS_RESOURCES } from "../model/fixed-resources.ts";
import type { Settings } from "./settings.ts";

/** What one service may use at most, over all of its replicas. */
export interface BudgetRow {
  readonly service: string;
  readonly replicas: number;
  /** Thousandths of a core. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** MiB that its volumes are planned to hold. */
  readonly disk: number;
}

type Sized = Pick<
  Settings,
  | "platform"
  | "proxy"
  | "app"
  | "storage"
  | "postgres"
  | "cache"
  | "nats"
  | "kratos"
  | "temporal"
  | "prometheus"
  | "grafana"
  | "exporters"
  | "alerting"
  | "tracing"
  | "logs"
  | "backup"
>;

/** The limits of all services that are on, from the settings alone. */
export function budget(settings: Sized): readonly BudgetRow[] {
  const row = (service: string, { limits }: Resources, disk: number, replicas = 1): BudgetRow => ({
    service,
    replicas,
    cpu: millicores(limits.cpu) * replicas,
    memory: mebibytes(limits.memory) * replicas,
    disk,
  });
  const { platform, proxy, app, storage, postgres, cache, nats, kratos, temporal, prometheus, grafana, exporters, alerting, tracing, logs, backup } = settings;
  const watched = (service: string, on: boolean) => (prometheus.enabled && on ? [row(service, exporters.resources, 0)] : []);
  return [
    ...(platform === "docker" ? [row("proxy", proxy.resources, 0)] : []),
    ...(postgres.mode === "external"
      ? []
      : [row("postgres", postgres.resources, mebibytes(postgres.storage) * postgresVolumes(postgres) + archiveSize(backup), postgresInstances(postgres))]),
    ...(cache.mode === "external" ? [] : [row("cache", cache.resources, mebibytes(cache.storage))]),
    ...(nats.enabled ? [row("nats", nats.resources, mebibytes(nats.storage))] : []),
    row("kratos", kratos.resources, 0, kratos.replicas),
    ...(temporal.enabled ? [row("temporal", temporal.resources, 0)] : []),
    ...(temporal.enabled && temporal.ui ? [row("temporal-ui", temporal.uiResources, 0)] : []),
    row("apprun", app.resources, storage.mode === "s3" ? 0 : mebibytes(app.storage), app.replicas),
    ...(grafana.enabled ? [row("grafana", grafana.resources, mebibytes(grafana.storage))] : []),
    ...watched("postgres-exporter", exporters.postgres),
    ...watched("cache-exporter", exporters.cache),
    ...watched("nats-exporter", exporters.nats && nats.enabled),
    ...watched("kube-state-metrics", exporters.kubernetes && platform === "kubernetes"),
    ...watched("host-exporter", exporters.host && platform === "docker"),
    ...(prometheus.enabled && alerting.enabled ? [row("alertmanager", alerting.resources, mebibytes(alerting.storage))] : []),
    ...(tracing.enabled ? [row("jaeger", tracing.resources, mebibytes(tracing.storage))] : []),
    ...(logs.enabled ? [row("loki", logs.resources, mebibytes(logs.storage)), row("alloy", logs.collectorResources, 0)] : []),
    ...(prometheus.enabled ? [row("prometheus", prometheus.resources, mebibytes(prometheus.storage))] : []),
    ...(backup.enabled ? [row("backup", backup.resources, mebibytes(backup.storage)), row("backup-metrics", BACKUP_METRICS_RESOURCES, 0)] : []),
  ];
}

function archiveSize({ pointInTime }: Settings["backup"]): number {
  return pointInTime.enabled ? mebibytes(pointInTime.storage) : 0;
}

/** An older major's volume stays beside the one in use. */
function postgresVolumes({ upgradeFrom }: Settings["postgres"]): number {
  return upgradeFrom === undefined ? 1 : 2;
}

/** Every instance of a cluster has a volume of its own. */
function postgresInstances({ mode, operator }: Settings["postgres"]): number {
  return mode === "operator" ? operator.instances : 1;
}

/** Sum of one column. */
export function total(rows: readonly BudgetRow[], column: "cpu" | "memory" | "disk"): number {
  return rows.reduce((sum, row) => sum + row[column], 0);
}
