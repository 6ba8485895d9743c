import type { Observability } from "../../model/observability.ts";

/** Metrics of Prometheus itself and of its runtime that nothing here reads. */
export const PROMETHEUS_DROP =
  "(prometheus_.*_bucket|prometheus_(sd|remote|treecache|web|api|http|engine|target_sync|target_metadata|target_scrape_pool)_.*|net_conntrack_.*|go_(gc|sched|sync|memstats|cpu)_.*)";

const MEMORY = "workload:memory_used:ratio";

/** What holds for every target, and Prometheus' own health. */
export function prometheusObservability({ alertmanager }: { readonly alertmanager: boolean }): Observability {
  const up = {
    title: "Targets",
    kind: "stat",
    unit: "bool",
    redBelow: 1,
    queries: [{ expr: "min by (job) (up)", legend: "{{job}}" }],
  } as const;
  const firing = {
    title: "Alerts that fire",
    kind: "stat",
    unit: "short",
    queries: [
      { expr: 'sum by (alertname, severity) (ALERTS{alertstate="firing"})', legend: "{{alertname}} ({{severity}})" },
    ],
  } as const;
  const memory = {
    title: "Memory used of the limit",
    unit: "percentunit",
    queries: [{ expr: MEMORY, legend: "{{workload}}" }],
  } as const;
  return {
    service: "prometheus",
    alerts: [
      {
        name: "Watchdog",
        expr: "vector(1)",
        severity: "info",
        summary: "Alerting works",
        description:
          "This alert always fires (its value is {{ $value }}). Whoever stops receiving it must look: that is the dead man's switch.",
      },
      {
        name: "TargetDown",
        expr: "up == 0",
        aboutTarget: true,
        for: "2m",
        severity: "warning",
        summary: "A service does not answer Prometheus",
        description: "{{ $labels.instance }} ({{ $labels.job }}) has not answered for 2 minutes (up is {{ $value }}).",
      },
      {
        name: "MemoryNearLimit",
        expr: `${MEMORY} > 0.9`,
        aboutTarget: true,
        for: "10m",
        severity: "warning",
        summary: "A process has almost reached its memory limit and may be killed",
        description:
          "{{ $labels.workload }} ({{ $labels.instance }}) uses {{ $value | humanizePercentage }} of its memory limit.",
      },
      {
        name: "ProcessRestarting",
        expr: "changes(process_start_time_seconds[30m]) > 2 or changes(redis_start_time_seconds[30m]) > 2 or resets(otelcol_process_uptime_seconds_total[30m]) > 2",
        aboutTarget: true,
        severity: "warning",
        symptom: true,
        summary: "A process restarts again and again",
        description: "{{ $labels.job }} ({{ $labels.instance }}) started {{ $value }} times within 30 minutes.",
      },
      {
        name: "PrometheusRuleFailures",
        expr: "increase(prometheus_rule_evaluation_failures_total[15m]) > 0",
        severity: "critical",
        summary: "Alert rules cannot be evaluated",
        description: "{{ $value | humanize }} evaluations failed within 15 minutes: some alerts cannot fire.",
      },
      {
        name: "PrometheusScrapeRefused",
        expr: "increase(prometheus_target_scrapes_exceeded_sample_limit_total[15m]) > 0",
        severity: "warning",
        summary: "A target has more series than it may have",
        description: "{{ $value | humanize }} scrapes were refused within 15 minutes; a label has gone wild.",
      },
      {
        name: "PrometheusStorageFailing",
        expr: "increase(prometheus_tsdb_wal_writes_failed_total[15m]) + increase(prometheus_tsdb_compactions_failed_total[15m]) > 0",
        severity: "critical",
        summary: "Prometheus cannot store what it measures",
        description: "{{ $value | humanize }} writes or compactions failed within 15 minutes; its disk may be full.",
      },
      ...(alertmanager
        ? [
            {
              name: "PrometheusCannotNotify",
              expr: "increase(prometheus_notifications_errors_total[15m]) > 0 or prometheus_notifications_alertmanagers_discovered < 1",
              for: "5m",
              severity: "critical",
              summary: "Prometheus does not reach Alertmanager: no alert arrives",
              description:
                "{{ $value | humanize }} (errors within 15 minutes, or Alertmanagers known). Only the dead man's switch tells of this.",
            } as const,
          ]
        : []),
    ],
    overview: [{ ...up, width: 24 }, { ...firing, width: 24 }, memory],
    dashboard: {
      uid: "apprun-monitoring",
      title: "Monitoring",
      panels: [
        up,
        firing,
        memory,
        {
          title: "Series in memory",
          unit: "short",
          queries: [{ expr: "prometheus_tsdb_head_series", legend: "series" }],
        },
        {
          title: "Series by target",
          unit: "short",
          queries: [{ expr: "scrape_samples_post_metric_relabeling", legend: "{{job}}" }],
        },
        {
          title: "Disk of Prometheus",
          unit: "bytes",
          queries: [
            {
              expr: "prometheus_tsdb_storage_blocks_bytes + prometheus_tsdb_wal_storage_size_bytes + prometheus_tsdb_head_chunks_storage_size_bytes",
              legend: "in use",
            },
            { expr: "prometheus_tsdb_retention_limit_bytes", legend: "limit of blocks" },
          ],
        },
        { title: "Duration of a scrape", unit: "s", queries: [{ expr: "scrape_duration_seconds", legend: "{{job}}" }] },
        {
          title: "Starts within a day",
          kind: "stat",
          unit: "short",
          queries: [{ expr: "sum by (job) (changes(process_start_time_seconds[1d]))", legend: "{{job}}" }],
        },
      ],
    },
  };
}
