import { downCase, labelsOf, series, type AlertCase, type Series } from "../alert-case.ts";
import { inPod, pod } from "../cluster/alert-cases.ts";

const prometheus = labelsOf("prometheus", "localhost:9090");
const target = { job: "prometheus", instance: "localhost:9090" };
/** Its limit is 256 MiB by default. */
const kratos = labelsOf("kratos", "kratos:4434");
const kubelet = (metric: string, values: string, of: Record<string, string>) =>
  series(metric, { instance: "node", service: "kubelet", ...of }, values);
const volume = { job: "kubelet", instance: "node", persistentvolumeclaim: "postgres-17" };
const disk = (free: string, minutes: number): Series => ({
  ...series("kubelet_volume_stats_available_bytes", { ...volume, service: "kubelet" }, free),
  ...series("kubelet_volume_stats_capacity_bytes", { ...volume, service: "kubelet" }, `100000x${minutes}`),
});
const memory = (used: number) => ({
  ...kubelet("container_memory_working_set_bytes", `${used}x20`, pod),
  ...inPod("kube_pod_container_resource_limits", "100x20", { resource: "memory" }),
});
const throttled = (periods: number) => ({
  ...kubelet("container_cpu_cfs_throttled_periods_total", `0+${periods}x40`, { pod: "apprun-1" }),
  ...kubelet("container_cpu_cfs_periods_total", "0+600x40", { pod: "apprun-1" }),
});
const MEBIBYTE = 1024 ** 2;

export const CASES: readonly AlertCase[] = [
  {
    alert: "Watchdog",
    firing: {
      series: {},
      at: "1m",
      description:
        "This alert always fires (its value is 1). Whoever stops receiving it must look: that is the dead man's switch.",
    },
    quiet: "never",
  },
  {
    alert: "TargetDown",
    firing: {
      series: series("up", labelsOf("grafana", "grafana:3000"), "1x3 0x5"),
      at: "7m",
      labels: { job: "grafana", instance: "grafana:3000", service: "grafana" },
      description: "grafana:3000 (grafana) has not answered for 2 minutes (up is 0).",
    },
    quiet: { series: series("up", labelsOf("grafana", "grafana:3000"), "1x3 0 1x5"), at: "7m" },
  },
  {
    alert: "MemoryNearLimit",
    firing: {
      series: series("process_resident_memory_bytes", kratos, `${256 * MEBIBYTE}x20`),
      at: "15m",
      labels: { workload: "kratos", instance: "kratos:4434", service: "kratos" },
      description: "kratos (kratos:4434) uses 100% of its memory limit.",
    },
    quiet: { series: series("process_resident_memory_bytes", kratos, `${128 * MEBIBYTE}x20`), at: "15m" },
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
      series: series("prometheus_rule_evaluation_failures_total", { ...prometheus, rule_group: "kratos" }, "0+1x30"),
      at: "20m",
      labels: { ...target, rule_group: "kratos" },
      description: "15 evaluations failed within 15 minutes: some alerts cannot fire.",
    },
    quiet: {
      series: series("prometheus_rule_evaluation_failures_total", { ...prometheus, rule_group: "kratos" }, "3x30"),
      at: "20m",
    },
  },
  {
    alert: "PrometheusScrapeRefused",
    firing: {
      series: series("prometheus_target_scrapes_exceeded_sample_limit_total", prometheus, "0+1x30"),
      at: "20m",
      labels: target,
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
      labels: target,
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
      labels: target,
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
  downCase("KubeletDown", "kubelet", "node"),
  {
    alert: "ContainerMemoryNearLimit",
    firing: {
      series: memory(95),
      at: "15m",
      labels: pod,
      description: "apprun of apprun-1 uses 95% of its memory limit.",
    },
    quiet: { series: memory(80), at: "15m" },
  },
  {
    alert: "PodThrottled",
    firing: {
      series: throttled(480),
      at: "40m",
      labels: { pod: "apprun-1" },
      description: "apprun-1 was held back in 80% of its periods.",
    },
    quiet: { series: throttled(120), at: "40m" },
  },
  {
    alert: "VolumeWillFill",
    firing: {
      series: disk("40000-60x480", 480),
      at: "480m",
      labels: volume,
      description: "At the rate of the last 6 hours postgres-17 would have -73.44kiB free in 24 hours.",
    },
    quiet: { series: disk("30000x480", 480), at: "480m" },
  },
  {
    alert: "VolumeNearlyFull",
    firing: { series: disk("5000x20", 20), at: "10m", labels: volume, description: "5% of postgres-17 are free." },
    quiet: { series: disk("20000x20", 20), at: "10m" },
  },
];
