import type { AlertRule, Observability, RecordingRule } from "../../model/observability.ts";
import { unanswered } from "../../model/unanswered.ts";
import { sloAlerts, sloRecordings, type Slo } from "../kit/slo.ts";

/** Objectives of the app, as parts of its requests. */
export interface AppObjectives {
  /** Part of requests that must not end with a server's error. */
  readonly availability: number;
  /** Part of requests that must be answered within a second. */
  readonly latency: number;
}

/** Metrics that apprun promises, by the series in which each shows. */
export const CONTRACT = [
  "apprun_http_requests_total",
  "apprun_http_request_duration_seconds_bucket",
  "apprun_workflow_executions_total",
  "apprun_function_invocations_total",
  "apprun_db_connections_active",
  "apprun_memory_usage_bytes",
] as const;

const REQUESTS = "apprun_http_requests_total";
const DURATION = "apprun_http_request_duration_seconds";
const errors = (window: string) =>
  `(sum(rate(${REQUESTS}{status=~"5.."}[${window}])) or vector(0)) / sum(rate(${REQUESTS}[${window}]))`;
// Prometheus 3 writes whole bucket bounds with a decimal, older exporters without.
const slow = (window: string) =>
  `1 - sum(rate(${DURATION}_bucket{le=~"1([.]0)?"}[${window}])) / sum(rate(${DURATION}_count[${window}]))`;
const P95 = `histogram_quantile(0.95, sum by (le) (rate(${DURATION}_bucket[5m])))`;
const POOL = "apprun_db_connections_active / apprun_db_connections_max";

const DOWN: AlertRule = {
  name: "ApprunDown",
  ...unanswered("apprun"),
  severity: "critical",
  summary: "apprun does not answer",
};

/** What holds for metrics of any names. */
export function plainObservability(): Observability {
  return { service: "apprun", alerts: [DOWN] };
}

export function appObservability({ availability, latency }: AppObjectives): Observability {
  const service = "apprun";
  const errorSlo: Slo = {
    name: "http_errors",
    service,
    bad: "answered with a server's error",
    objective: availability,
    ratio: errors,
  };
  const latencySlo: Slo = { name: "http_slow", service, bad: "slower than a second", objective: latency, ratio: slow };
  const burn = {
    title: "Error budget, times faster than allowed",
    unit: "short",
    description: "1 uses up the budget of 30 days in exactly 30 days; 14.4 over an hour wakes somebody.",
    queries: ["1h", "6h", "3d"].flatMap((window) => [
      { expr: `apprun:http_errors:ratio_rate${window} / ${budget(availability)}`, legend: `errors, ${window}` },
      { expr: `apprun:http_slow:ratio_rate${window} / ${budget(latency)}`, legend: `latency, ${window}` },
    ]),
  } as const;
  const requests = {
    title: "Requests per second by status",
    unit: "reqps",
    queries: [{ expr: `sum by (status) (rate(${REQUESTS}[5m]))`, legend: "{{status}}" }],
  } as const;
  const quantiles = {
    title: "Latency",
    unit: "s",
    queries: [
      { expr: P95, legend: "95 %" },
      { expr: P95.replace("0.95", "0.5"), legend: "50 %" },
    ],
  } as const;
  return {
    service,
    memory: {
      workload: "apprun",
      used: 'process_resident_memory_bytes{job="apprun"} or apprun_memory_usage_bytes{job="apprun"}',
    },
    recordings: [...sloRecordings(errorSlo), ...sloRecordings(latencySlo), ...CONTRACT.map(presence)],
    alerts: [
      DOWN,
      {
        name: "HighErrorRate",
        expr: "apprun:http_errors:ratio_rate5m > 0.05",
        for: "5m",
        severity: "critical",
        summary: "More than 5 % of apprun's answers are server errors",
        description:
          "{{ $value | humanizePercentage }} of the requests of the last 5 minutes ended with a status of 500 or above.",
      },
      {
        name: "HighLatency",
        expr: `${P95} > 1`,
        for: "10m",
        severity: "warning",
        symptom: true,
        summary: "apprun is slow",
        description:
          "The 95th percentile of request durations is {{ $value | humanizeDuration }}; it should stay below a second.",
      },
      {
        name: "DatabaseConnectionPoolExhausted",
        expr: `${POOL} > 0.9`,
        for: "2m",
        severity: "critical",
        summary: "apprun's database connection pool is almost full",
        description:
          "{{ $labels.instance }} uses {{ $value | humanizePercentage }} of the connections that it may open.",
      },
      {
        name: "ContractMetricMissing",
        expr: "apprun:contract_metric:present == 0",
        for: "30m",
        severity: "info",
        summary: "apprun does not report a metric of its contract",
        description: "{{ $labels.metric }} has {{ $value }} series; panels and alerts that need it show nothing.",
      },
      ...sloAlerts(errorSlo, { fast: "ErrorBudgetBurnFast", slow: "ErrorBudgetBurnSlow" }),
      ...sloAlerts(latencySlo, { fast: "LatencyBudgetBurnFast", slow: "LatencyBudgetBurnSlow" }),
    ],
    overview: [requests, quantiles],
    dashboard: {
      uid: "apprun-app",
      title: "apprun",
      panels: [
        requests,
        {
          title: "Part of requests that failed",
          unit: "percentunit",
          queries: [{ expr: "apprun:http_errors:ratio_rate5m", legend: "server errors" }],
        },
        quantiles,
        burn,
        {
          title: "Database connections",
          unit: "short",
          queries: [
            { expr: "sum(apprun_db_connections_active)", legend: "in use" },
            { expr: "sum(apprun_db_connections_max)", legend: "allowed" },
          ],
        },
        {
          title: "Metrics that apprun promises",
          kind: "stat",
          unit: "bool",
          description:
            "Whether the app reports each metric that alerts and panels count on. Counters by label appear with their first event.",
          queries: [{ expr: "apprun:contract_metric:present", legend: "{{metric}}" }],
          redBelow: 1,
        },
      ],
    },
  };
}

function presence(metric: string): RecordingRule {
  return {
    record: "apprun:contract_metric:present",
    expr: `(count(${metric}{job="apprun"}) > bool 0) or vector(0)`,
    labels: { metric },
  };
}

const budget = (objective: number) => Number((1 - objective).toPrecision(6));
