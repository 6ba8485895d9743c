import type { Observability } from "../../model/observability.ts";
import { mebibytes, seconds, type Bytes, type Duration } from "../../model/units.ts";
import { unanswered } from "../../model/unanswered.ts";

/** Value of the label `service` of the store and the collector, which are watched as one. */
export const LOGS_SERVICE = "logs";

/** What alerts and panels read, of some thousand series. */
export const LOKI_KEEP =
  "process_.*|loki_(distributor_(lines|bytes)_received_total|discarded_samples_total|chunk_store_stored_chunk_bytes_total|ingester_memory_streams)";
export const ALLOY_KEEP =
  "process_.*|loki_(source_gelf_target_parsing_errors_total|write_(sent|dropped)_entries_total|write_batch_retries_total)";

const REFUSED = "sum by (job, instance, reason) (rate(loki_discarded_samples_total[5m]))";
const DROPPED = "sum by (job, instance, reason) (rate(loki_write_dropped_entries_total[5m]))";
const UNREADABLE = "sum by (job, instance) (rate(loki_source_gelf_target_parsing_errors_total[5m]))";
const DAY = 86_400;

export function logsObservability({
  storage,
  retention,
}: {
  readonly storage: Bytes;
  readonly retention: Duration;
}): Observability {
  const size = mebibytes(storage) * 1024 * 1024;
  // The store does not say how large it is; it says what it writes, and keeps that for the retention.
  const expected = `sum by (job, instance) (increase(loki_chunk_store_stored_chunk_bytes_total[1d])) * ${seconds(retention) / DAY}`;
  return {
    service: LOGS_SERVICE,
    alerts: [
      {
        name: "LokiDown",
        ...unanswered("loki"),
        severity: "warning",
        summary: "Loki does not answer: no logs can be read or stored",
        mutes: ["TargetDown", "LogsDropped", "NoLogsArriving"],
      },
      {
        name: "AlloyDown",
        ...unanswered("alloy"),
        severity: "warning",
        summary: "The collector of logs does not answer: lines are lost or late",
        mutes: ["TargetDown", "NoLogsArriving"],
      },
      {
        name: "LogsRefused",
        expr: `${REFUSED} > 0`,
        for: "5m",
        severity: "warning",
        summary: "Loki refuses lines",
        description: "{{ $value | humanize }} lines a second are refused: {{ $labels.reason }}.",
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
      {
        name: "NoLogsArriving",
        expr: "sum by (job, instance) (increase(loki_write_sent_entries_total[1h])) == 0",
        for: "15m",
        severity: "warning",
        summary: "No logs arrive",
        description: "{{ $value }} lines reached Loki within the last hour, of the whole stack.",
      },
      {
        name: "LogStorageNearLimit",
        expr: `${expected} / ${size} > 0.85`,
        for: "30m",
        severity: "warning",
        summary: "Logs will fill their volume",
        description:
          "At the rate of the last day they take {{ $value | humanizePercentage }} of the planned size until they are forgotten.",
      },
    ],
    dashboard: {
      uid: "apprun-logs",
      title: "Logs",
      panels: [
        {
          title: "Lines per second",
          unit: "ops",
          queries: [
            { expr: "sum(rate(loki_write_sent_entries_total[5m]))", legend: "sent to Loki" },
            { expr: "sum(rate(loki_distributor_lines_received_total[5m]))", legend: "received by Loki" },
          ],
        },
        {
          title: "Lines lost per second",
          unit: "ops",
          queries: [
            { expr: DROPPED, legend: "dropped: {{reason}}" },
            { expr: `${REFUSED} or vector(0)`, legend: "refused: {{reason}}" },
          ],
        },
        {
          title: "Sends that were tried again, per second",
          unit: "ops",
          queries: [{ expr: "sum(rate(loki_write_batch_retries_total[5m]))", legend: "tries" }],
        },
        {
          title: "Bytes per second",
          unit: "Bps",
          queries: [{ expr: "sum(rate(loki_distributor_bytes_received_total[5m]))", legend: "received" }],
        },
        {
          title: "Disk of logs",
          unit: "bytes",
          description: "What the last day wrote, times the days that it is kept.",
          queries: [
            { expr: expected, legend: "expected" },
            { expr: `vector(${size})`, legend: "planned size" },
          ],
        },
        {
          title: "Streams",
          unit: "short",
          description: "Combinations of stack, service and level: a number that grows is a label gone wild.",
          queries: [{ expr: "sum(loki_ingester_memory_streams)", legend: "open" }],
        },
        {
          title: "Memory of the processes",
          unit: "bytes",
          queries: [{ expr: `process_resident_memory_bytes{service="${LOGS_SERVICE}"}`, legend: "{{job}}" }],
        },
      ],
    },
  };
}
