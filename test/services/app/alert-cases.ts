import { downCase, type AlertCase } from "../alert-case.ts";

const requests = (good: number, bad: number, minutes: number) => ({
  'apprun_http_requests_total{status="200"}': `0+${good}x${minutes}`,
  'apprun_http_requests_total{status="500"}': `0+${bad}x${minutes}`,
});
const durations = (fast: number, slow: number, minutes: number) => ({
  'apprun_http_request_duration_seconds_bucket{le="0.5"}': `0+${fast}x${minutes}`,
  'apprun_http_request_duration_seconds_bucket{le="1.0"}': `0+${fast}x${minutes}`,
  'apprun_http_request_duration_seconds_bucket{le="2.5"}': `0+${fast + slow}x${minutes}`,
  'apprun_http_request_duration_seconds_bucket{le="+Inf"}': `0+${fast + slow}x${minutes}`,
  apprun_http_request_duration_seconds_count: `0+${fast + slow}x${minutes}`,
});
const target = { job: "apprun", instance: "apprun:8080" };
const pool = (active: string) => ({
  'apprun_db_connections_active{job="apprun",instance="apprun:8080"}': active,
  'apprun_db_connections_max{job="apprun",instance="apprun:8080"}': "100x10",
});
const contract = {
  'apprun_http_requests_total{job="apprun"}': "1x60",
  'apprun_http_request_duration_seconds_bucket{job="apprun",le="+Inf"}': "1x60",
  'apprun_workflow_executions_total{job="apprun"}': "1x60",
  'apprun_function_invocations_total{job="apprun"}': "1x60",
  'apprun_db_connections_active{job="apprun"}': "1x60",
};

export const CASES: readonly AlertCase[] = [
  downCase("ApprunDown", "apprun", "apprun:8080"),
  {
    alert: "HighErrorRate",
    firing: {
      series: requests(90, 10, 30),
      at: "20m",
      description: "10% of the requests of the last 5 minutes ended with a status of 500 or above.",
    },
    quiet: { series: requests(96, 4, 30), at: "20m" },
  },
  {
    alert: "HighLatency",
    firing: {
      series: durations(90, 10, 40),
      at: "30m",
      description: "The 95th percentile of request durations is 1.75s; it should stay below a second.",
    },
    quiet: { series: durations(99, 1, 40), at: "30m" },
  },
  {
    alert: "DatabaseConnectionPoolExhausted",
    firing: {
      series: pool("95x10"),
      at: "5m",
      labels: target,
      description: "apprun:8080 uses 95% of the connections that it may open.",
    },
    quiet: { series: pool("90x10"), at: "5m" },
  },
  {
    alert: "ContractMetricMissing",
    firing: {
      series: contract,
      at: "45m",
      labels: { metric: "apprun_memory_usage_bytes" },
      description: "apprun_memory_usage_bytes has 0 series; panels and alerts that need it show nothing.",
    },
    quiet: { series: { ...contract, 'apprun_memory_usage_bytes{job="apprun"}': "1x60" }, at: "45m" },
  },
  {
    alert: "ErrorBudgetBurnFast",
    firing: {
      series: requests(92, 8, 90),
      at: "80m",
      description:
        "8% of requests over the last 1h or longer were answered with a server's error; the objective is 99.5 % good.",
    },
    quiet: { series: requests(99, 1, 90), at: "80m" },
  },
  {
    alert: "ErrorBudgetBurnSlow",
    interval: "10m",
    firing: {
      series: requests(98, 2, 150),
      at: "1500m",
      description:
        "2% of requests over the last 1d or longer were answered with a server's error; the objective is 99.5 % good.",
    },
    quiet: { series: requests(996, 4, 150), at: "1500m" },
  },
  {
    alert: "LatencyBudgetBurnFast",
    firing: {
      series: durations(20, 80, 90),
      at: "80m",
      description: "80% of requests over the last 1h or longer were slower than a second; the objective is 95 % good.",
    },
    quiet: { series: durations(90, 10, 90), at: "80m" },
  },
  {
    alert: "LatencyBudgetBurnSlow",
    interval: "10m",
    firing: {
      series: durations(80, 20, 150),
      at: "1500m",
      description: "20% of requests over the last 1d or longer were slower than a second; the objective is 95 % good.",
    },
    quiet: { series: durations(96, 4, 150), at: "1500m" },
  },
];
