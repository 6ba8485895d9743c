import type { AlertCase, Series } from "../alert-case.ts";

const target = { job: "postgrest", instance: "postgrest:3001" };

/** A series of one replica. */
function replica(metric: string, values: string, more: Readonly<Record<string, string>> = {}): Series {
  const labels = Object.entries({ ...target, service: "postgrest", ...more }).map(
    ([label, value]) => `${label}="${value}"`,
  );
  return { [`${metric}{${labels.join(",")}}`]: values };
}

export const CASES: readonly AlertCase[] = [
  {
    alert: "PostgrestDown",
    firing: {
      series: replica("up", "1x3 0x5"),
      at: "6m",
      labels: target,
      description: "postgrest:3001 has not answered Prometheus for a minute (up is 0).",
    },
    quiet: { series: replica("up", "1x3 0 1x5"), at: "4m" },
  },
  {
    alert: "PostgrestSchemaFailing",
    firing: {
      series: replica("pgrst_schema_cache_loads_total", "0+2x20", { status: "FAIL" }),
      at: "12m",
      labels: target,
      description: "postgrest:3001 failed 10 times within 5 minutes: it answers from an old schema, or with 503.",
    },
    // Migrations, one after another.
    quiet: { series: replica("pgrst_schema_cache_loads_total", "0+2x20", { status: "SUCCESS" }), at: "12m" },
  },
  {
    alert: "PostgrestPoolTimeouts",
    firing: {
      series: replica("pgrst_db_pool_timeouts_total", "0+60x30"),
      at: "20m",
      labels: target,
      description: "postgrest:3001 answers 1 requests a second with 504: none of its connections was free in time.",
    },
    // A burst that was over within minutes.
    quiet: { series: replica("pgrst_db_pool_timeouts_total", "0x3 60x30"), at: "12m" },
  },
  {
    alert: "PostgrestPoolWaiting",
    firing: {
      series: replica("pgrst_db_pool_waiting", "4x30"),
      at: "20m",
      labels: target,
      description: "4 requests and more have waited for a connection of postgrest:3001 for minutes.",
    },
    // An idle pool has no open connections either, and nobody waits.
    quiet: {
      series: {
        ...replica("pgrst_db_pool_available", "0x30"),
        ...replica("pgrst_db_pool_waiting", "0 9 0 0 0 9 0x30"),
      },
      at: "20m",
    },
  },
];
