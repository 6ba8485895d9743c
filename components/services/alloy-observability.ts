import type { Observability } from "../model/observability.js";

/** What alerts and panels read; the rest is of its components' and Go's inner life. */
export const ALLOY_KEEP = "process_.*|loki_(source_gelf_target_(entries|parsing_errors)_total|write_(sent|dropped)_entries_total|write_batch_retries_total)";

const DROPPED = "sum by (job, instance, reason) (rate(loki_write_dropped_entries_total[5m]))";
const UNREADABLE = "sum by (job, instance) (rate(loki_source_gelf_target_parsing_errors_total[5m]))";

export function alloyObservability(): Observability {
  return {
    service: "log-collector",
    alerts: [
      {
        name: "AlloyDown",
        expr: 'up{job="alloy"} == 0',
        for: "1m",
        severity: "warning",
        summary: "The collector of logs does not answer: lines are lost",
        description: "{{ $labels.instance }} has not answered Prometheus for a minute (up is {{ $value }}).",
        mutes: ["TargetDown"],
      },
      {
        name: "LogsDropped",
        expr: `${DROPPED} > 0`,
        for: "5m",
        severity: "warning",
        summary: "The collector drops lines that Loki did not take",
        description: "{{ $value | humanize }} lines a second are dropped: {{ $labels.reason }}.",
      },
      {
        name: "LogsUnreadable",
        expr: `${UNREADABLE} > 0`,
        for: "5m",
        severity: "warning",
        summary: "The collector gets what is no line of the engine",
        description: "{{ $value | humanize }} datagrams a second cannot be read.",
      },
    ],
    dashboard: {
      uid: "apprun-log-collector",
      title: "Log collector",
      panels: [
        {
          title: "Lines per second",
          unit: "ops",
          queries: [
            { expr: "sum(rate(loki_write_sent_entries_total[5m]))", legend: "sent to Loki" },
            { expr: "sum(rate(loki_write_dropped_entries_total[5m]))", legend: "dropped" },
          ],
        },
        {
          title: "Sends that were tried again, per second",
          unit: "ops",
          queries: [{ expr: "sum(rate(loki_write_batch_retries_total[5m]))", legend: "tries" }],
        },
        { title: "Memory of the process", unit: "bytes", queries: [{ expr: 'process_resident_memory_bytes{job="alloy"}', legend: "in use" }] },
      ],
    },
  };
}
