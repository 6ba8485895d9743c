import { downCase, type AlertCase, type Series } from "../alert-case.ts";

const target = { job: "jaeger", instance: "jaeger:8888" };
const jaeger = (metric: string, values: string, labels = ""): Series => ({
  [`${metric}{job="jaeger",instance="jaeger:8888",service="tracing"${labels}}`]: values,
});
const STORED = "jaeger_storage_badger_size_bytes_lsm";
const GIBIBYTE = 1024 ** 3;

/** For a volume of 5 GiB, which is the default. */
export const CASES: readonly AlertCase[] = [
  downCase("JaegerDown", "jaeger", "jaeger:8888", "tracing"),
  {
    alert: "SpansRefused",
    firing: {
      series: jaeger("otelcol_receiver_refused_spans_total", "0+120x20", ',receiver="otlp"'),
      at: "15m",
      labels: target,
      description: "2 spans a second are refused: its memory is full.",
    },
    quiet: { series: jaeger("otelcol_receiver_refused_spans_total", "7x20", ',receiver="otlp"'), at: "15m" },
  },
  {
    alert: "SpansNotStored",
    firing: {
      series: jaeger("otelcol_exporter_send_failed_spans_total", "0+60x20", ',exporter="jaeger_storage_exporter"'),
      at: "15m",
      labels: target,
      description: "1 spans a second are lost between Jaeger and its store.",
    },
    quiet: {
      series: jaeger("otelcol_exporter_send_failed_spans_total", "7x20", ',exporter="jaeger_storage_exporter"'),
      at: "15m",
    },
  },
  {
    alert: "TraceStorageNearLimit",
    firing: {
      series: jaeger(STORED, `${4.5 * GIBIBYTE}x20`, ',kind="badger"'),
      at: "15m",
      labels: { ...target, kind: "badger" },
      description: "90% of the planned size are used; only the retention makes room.",
    },
    quiet: { series: jaeger(STORED, `${4 * GIBIBYTE}x20`, ',kind="badger"'), at: "15m" },
  },
];
