import type { Observability } from "../../model/observability.ts";
import { mebibytes, type Bytes } from "../../model/units.ts";
import { unanswered } from "../../model/unanswered.ts";

/** Latencies of the store by operation, and the runtime: hundreds of series that nothing here reads. */
export const JAEGER_DROP =
  "(http_|rpc_|promhttp_|otelcol_process_runtime_|jaeger_storage_(latency|responses)_|jaeger_storage_badger_(compaction|get|iterator|put|read|write)_).*|target_info";

/** The value log beside it is a file with holes, whose size says nothing. */
const STORED = "jaeger_storage_badger_size_bytes_lsm";
const REFUSED = "sum by (job, instance) (rate(otelcol_receiver_refused_spans_total[5m]))";
const LOST = "sum by (job, instance) (rate(otelcol_exporter_send_failed_spans_total[5m]))";

export function jaegerObservability({ storage }: { readonly storage: Bytes }): Observability {
  const size = mebibytes(storage) * 1024 * 1024;
  return {
    service: "tracing",
    memory: { workload: "jaeger", used: "otelcol_process_memory_rss_bytes" },
    alerts: [
      {
        name: "JaegerDown",
        ...unanswered("jaeger"),
        severity: "warning",
        summary: "Jaeger does not answer: traces are lost",
      },
      {
        name: "SpansRefused",
        expr: `${REFUSED} > 0`,
        for: "5m",
        severity: "warning",
        summary: "Jaeger refuses spans",
        description: "{{ $value | humanize }} spans a second are refused: its memory is full.",
      },
      {
        name: "SpansNotStored",
        expr: `${LOST} > 0`,
        for: "5m",
        severity: "warning",
        summary: "Jaeger cannot store spans",
        description: "{{ $value | humanize }} spans a second are lost between Jaeger and its store.",
      },
      {
        name: "TraceStorageNearLimit",
        expr: `${STORED} / ${size} > 0.85`,
        for: "10m",
        severity: "warning",
        summary: "Traces almost fill their volume",
        description: "{{ $value | humanizePercentage }} of the planned size are used; only the retention makes room.",
      },
    ],
    dashboard: {
      uid: "apprun-tracing",
      title: "Tracing",
      panels: [
        {
          title: "Spans per second",
          unit: "ops",
          queries: [
            { expr: "sum(rate(otelcol_receiver_accepted_spans_total[5m]))", legend: "taken" },
            { expr: "sum(rate(otelcol_exporter_sent_spans_total[5m]))", legend: "stored" },
          ],
        },
        {
          title: "Spans lost per second",
          unit: "ops",
          queries: [
            { expr: REFUSED, legend: "refused" },
            { expr: LOST, legend: "not stored" },
          ],
        },
        {
          title: "Disk of traces",
          unit: "bytes",
          queries: [
            { expr: STORED, legend: "stored" },
            { expr: `vector(${size})`, legend: "planned size" },
          ],
        },
        {
          title: "Memory of the process",
          unit: "bytes",
          queries: [{ expr: "otelcol_process_memory_rss_bytes", legend: "in use" }],
        },
        {
          title: "Queries of traces",
          unit: "ops",
          queries: [{ expr: "sum by (operation) (rate(jaeger_storage_requests_total[5m]))", legend: "{{operation}}" }],
        },
      ],
    },
  };
}
