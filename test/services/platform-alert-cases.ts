import { downCase, type AlertCase, type Series } from "./alert-case.ts";

const of = (job: string, instance: string, service = job) => `job="${job}",instance="${instance}",service="${service}"`;
const series = (metric: string, labels: string, values: string): Series => ({ [`${metric}{${labels}}`]: values });
const temporal = of("temporal", "temporal:9090");
const backlog = (queue: string, values: string) =>
  series("approximate_backlog_age_seconds", `${temporal},namespace="apprun",taskqueue="${queue}",partition="0"`, values);
const persistence = (errors: number) => ({
  ...series("persistence_requests", temporal, "0+100x30"),
  ...series("persistence_error_with_type", temporal, `0+${errors}x30`),
});
const host = of("host-exporter", "host-exporter:9100", "host");
const hostTarget = { job: "host-exporter", instance: "host-exporter:9100" };
const disk = (free: string, minutes: number) => ({
  ...series("node_filesystem_avail_bytes", `${host},mountpoint="/"`, free),
  ...series("node_filesystem_size_bytes", `${host},mountpoint="/"`, `100000x${minutes}`),
});
const memory = (free: number) => ({
  ...series("node_memory_MemAvailable_bytes", host, `${free}x20`),
  ...series("node_memory_MemTotal_bytes", host, "100x20"),
});
const proxy = of("proxy", "proxy:8082");
const prometheus = of("prometheus", "localhost:9090");
const promTarget = { job: "prometheus", instance: "localhost:9090" };
const alertmanager = of("alertmanager", "alertmanager:9093");
const kratos = of("kratos", "kratos:4434");
const DAY = 86_400;

export const PLATFORM_CASES: readonly AlertCase[] = [
  downCase("KratosDown", "kratos", "kratos:4434"),
  downCase("TemporalDown", "temporal", "temporal:9090"),
  downCase("ProxyDown", "proxy", "proxy:8082"),
  {
    alert: "TemporalTaskBacklog",
    firing: {
      series: backlog("orders", "0+60x20"),
      at: "15m",
      labels: { namespace: "apprun", taskqueue: "orders" },
      description: "The oldest task of orders (apprun) has waited for 15m 0s.",
    },
    quiet: { series: { ...backlog("orders", "10x20"), ...backlog("temporal_sys_per_ns_tq", "900x20") }, at: "15m" },
  },
  {
    alert: "TemporalPersistenceErrors",
    firing: { series: persistence(5), at: "20m", description: "5% of its calls to the database fail." },
    quiet: { series: persistence(0), at: "20m" },
  },
  {
    alert: "HostDiskWillFill",
    // 100 kB, 40 of them free, 60 bytes less every minute: full in 11 hours.
    firing: {
      series: disk("40000-60x480", 480),
      at: "480m",
      labels: { ...hostTarget, mountpoint: "/" },
      description: "At the rate of the last 6 hours -73.44kiB would be free in 24 hours.",
    },
    quiet: { series: disk("30000x480", 480), at: "480m" },
  },
  {
    alert: "HostDiskNearlyFull",
    firing: {
      series: disk("5000x20", 20),
      at: "10m",
      labels: { ...hostTarget, mountpoint: "/" },
      description: "5% of the disk are free; PostgreSQL stops when nothing is.",
    },
    quiet: { series: disk("20000x20", 20), at: "10m" },
  },
  {
    alert: "HostMemoryLow",
    firing: {
      series: memory(5),
      at: "15m",
      labels: hostTarget,
      description: "5% of the memory can be had; the kernel ends processes when none can.",
    },
    quiet: { series: memory(30), at: "15m" },
  },
  {
    alert: "HostCpuSaturated",
    firing: {
      series: series("node_pressure_cpu_waiting_seconds_total", host, "0+48x70"),
      at: "65m",
      labels: hostTarget,
      description: "Processes waited for a processor during 80% of the last 15 minutes.",
    },
    quiet: { series: series("node_pressure_cpu_waiting_seconds_total", host, "0+12x70"), at: "65m" },
  },
  {
    alert: "CertificateExpiring",
    firing: {
      series: series("traefik_tls_certs_not_after", `${proxy},cn="example.com"`, `${7 * DAY + 7200}x130`),
      at: "120m",
      labels: { job: "proxy", instance: "proxy:8082", cn: "example.com" },
      description: "The certificate of example.com is good for 7 more days.",
    },
    quiet: { series: series("traefik_tls_certs_not_after", `${proxy},cn="example.com"`, `${60 * DAY}x130`), at: "120m" },
  },
  {
    alert: "Watchdog",
    firing: {
      series: {},
      at: "1m",
      description: "This alert always fires (its value is 1). Whoever stops receiving it must look: that is the dead man's switch.",
    },
    quiet: "never",
  },
  {
    alert: "TargetDown",
    firing: {
      series: series("up", of("grafana", "grafana:3000"), "1x3 0x5"),
      at: "7m",
      labels: { job: "grafana", instance: "grafana:3000", service: "grafana" },
      description: "grafana:3000 (grafana) has not answered for 2 minutes (up is 0).",
    },
    quiet: { series: series("up", of("grafana", "grafana:3000"), "1x3 0 1x5"), at: "7m" },
  },
  {
    alert: "MemoryNearLimit",
    firing: {
      series: series("process_resident_memory_bytes", kratos, `${128 * 1024 * 1024}x20`),
      at: "15m",
      labels: { workload: "kratos", instance: "kratos:4434", service: "kratos" },
      description: "kratos (kratos:4434) uses 100% of its memory limit.",
    },
    quiet: { series: series("process_resident_memory_bytes", kratos, `${64 * 1024 * 1024}x20`), at: "15m" },
  },
  {
    alert: "ProcessRestarting",
    firing: {
      series: series("process_start_time_seconds", kratos, "1 2 3 4x10"),
      at: "10m",
      labels: { job: "kratos", instance: "kratos:4434", service: "kratos" },
      description: "kratos (kratos:4434) started 3 times within 30 minutes.",
    },
    quiet: { series: series("process_start_time_seconds", kratos, "1 2x10"), at: "10m" },
  },
  {
    alert: "PrometheusRuleFailures",
    firing: {
      series: series("prometheus_rule_evaluation_failures_total", `${prometheus},rule_group="kratos"`, "0+1x30"),
      at: "20m",
      labels: { ...promTarget, rule_group: "kratos" },
      description: "15 evaluations failed within 15 minutes: some alerts cannot fire.",
    },
    quiet: { series: series("prometheus_rule_evaluation_failures_total", `${prometheus},rule_group="kratos"`, "3x30"), at: "20m" },
  },
  {
    alert: "PrometheusScrapeRefused",
    firing: {
      series: series("prometheus_target_scrapes_exceeded_sample_limit_total", prometheus, "0+1x30"),
      at: "20m",
      labels: promTarget,
      description: "15 scrapes were refused within 15 minutes; a label has gone wild.",
    },
    quiet: { series: series("prometheus_target_scrapes_exceeded_sample_limit_total", prometheus, "0x30"), at: "20m" },
  },
  {
    alert: "PrometheusStorageFailing",
    firing: {
      series: {
        ...series("prometheus_tsdb_wal_writes_failed_total", prometheus, "0+1x30"),
        ...series("prometheus_tsdb_compactions_failed_total", prometheus, "0x30"),
      },
      at: "20m",
      labels: promTarget,
      description: "15 writes or compactions failed within 15 minutes; its disk may be full.",
    },
    quiet: {
      series: {
        ...series("prometheus_tsdb_wal_writes_failed_total", prometheus, "0x30"),
        ...series("prometheus_tsdb_compactions_failed_total", prometheus, "0x30"),
      },
      at: "20m",
    },
  },
  {
    alert: "PrometheusCannotNotify",
    firing: {
      series: series("prometheus_notifications_alertmanagers_discovered", prometheus, "0x20"),
      at: "10m",
      labels: promTarget,
      description: "0 (errors within 15 minutes, or Alertmanagers known). Only the dead man's switch tells of this.",
    },
    quiet: {
      series: {
        ...series("prometheus_notifications_alertmanagers_discovered", prometheus, "1x20"),
        ...series("prometheus_notifications_errors_total", prometheus, "5x20"),
      },
      at: "10m",
    },
  },
  {
    alert: "AlertmanagerNotificationsFailing",
    firing: {
      series: series("alertmanager_notifications_failed_total", `${alertmanager},integration="webhook"`, "0+60x30"),
      at: "20m",
      labels: { integration: "webhook" },
      description: "1 messages a second to webhook fail.",
    },
    quiet: { series: series("alertmanager_notifications_failed_total", `${alertmanager},integration="webhook"`, "2x30"), at: "20m" },
  },
  {
    alert: "AlertmanagerConfigReloadFailed",
    firing: {
      series: series("alertmanager_config_last_reload_successful", alertmanager, "0x20"),
      at: "10m",
      labels: { job: "alertmanager", instance: "alertmanager:9093" },
      description: "The last load of its configuration failed (successful is 0).",
    },
    quiet: { series: series("alertmanager_config_last_reload_successful", alertmanager, "1x20"), at: "10m" },
  },
];
