import type { Observability } from "../../model/observability.ts";

const each = (expr: string) => `sum by (job, instance) (${expr})`;
const VALUE = "{{ $value | humanize }}";

/**
 * It counts no requests: how many, how fast and with which status the proxy
 * knows. An idle pool has no connections, so `pgrst_db_pool_available` being 0
 * says nothing by itself; requests that wait for one do.
 */
export function postgrestObservability(): Observability {
  const pool = {
    title: "PostgREST: connections of the pool",
    unit: "short",
    queries: [
      { expr: "sum(pgrst_db_pool_max)", legend: "the most" },
      { expr: "sum(pgrst_db_pool_available)", legend: "open and free" },
      { expr: "sum(pgrst_db_pool_waiting)", legend: "requests that wait" },
    ],
  } as const;
  return {
    service: "postgrest",
    alerts: [
      {
        name: "PostgrestDown",
        expr: 'up{job="postgrest"} == 0',
        for: "1m",
        severity: "critical",
        summary: "PostgREST does not answer",
        description: "{{ $labels.instance }} has not answered Prometheus for a minute (up is {{ $value }}).",
        mutes: ["TargetDown"],
      },
      {
        name: "PostgrestSchemaFailing",
        expr: `${each('increase(pgrst_schema_cache_loads_total{status="FAIL"}[5m])')} > 0`,
        for: "2m",
        severity: "critical",
        summary: "PostgREST cannot read the schema",
        description: `{{ $labels.instance }} failed ${VALUE} times within 5 minutes: it answers from an old schema, or with 503.`,
      },
      {
        name: "PostgrestPoolTimeouts",
        expr: `${each("rate(pgrst_db_pool_timeouts_total[5m])")} > 0`,
        for: "5m",
        severity: "critical",
        summary: "PostgREST refuses requests for lack of connections",
        description: `{{ $labels.instance }} answers ${VALUE} requests a second with 504: none of its connections was free in time.`,
        mutes: ["PostgrestPoolWaiting"],
      },
      {
        name: "PostgrestPoolWaiting",
        expr: "min_over_time(pgrst_db_pool_waiting[5m]) > 0",
        for: "5m",
        severity: "warning",
        summary: "Requests to PostgREST wait for a connection",
        description: `${VALUE} requests and more have waited for a connection of {{ $labels.instance }} for minutes.`,
      },
    ],
    overview: [pool],
    dashboard: {
      uid: "apprun-postgrest",
      title: "PostgREST",
      panels: [
        pool,
        {
          title: "Requests per second that found no connection in time",
          unit: "ops",
          queries: [{ expr: each("rate(pgrst_db_pool_timeouts_total[5m])"), legend: "{{instance}}" }],
        },
        {
          title: "Readings of the schema",
          unit: "short",
          description: "One at its start, one after each migration, more where the connection to PostgreSQL was lost.",
          queries: [
            {
              expr: "sum by (instance, status) (increase(pgrst_schema_cache_loads_total[5m]))",
              legend: "{{instance}}: {{status}}",
            },
          ],
        },
        {
          title: "Time to read the schema",
          unit: "s",
          queries: [{ expr: "pgrst_schema_cache_query_time_seconds", legend: "{{instance}}" }],
        },
        {
          title: "Tokens that were known already",
          unit: "percentunit",
          queries: [
            {
              expr: "sum(rate(pgrst_jwt_cache_hits_total[5m])) / (sum(rate(pgrst_jwt_cache_requests_total[5m])) > 0)",
              legend: "of all tokens",
            },
          ],
        },
        {
          title: "Tokens that were forgotten per second",
          unit: "ops",
          queries: [{ expr: each("rate(pgrst_jwt_cache_evictions_total[5m])"), legend: "{{instance}}" }],
        },
      ],
    },
  };
}
