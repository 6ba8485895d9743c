import type { AlertRule, Observability, SqlMetrics } from "../../model/observability.ts";
import { unanswered } from "../../model/unanswered.ts";
import { schemasOf } from "./schemas.ts";

export interface TemporalObservabilityArgs {
  /** Names of the two databases. */
  readonly store: string;
  readonly visibility: string;
  /** Tag of the server's image. */
  readonly tag: string;
}

/** What alerts and panels read, of some three thousand series. */
export const TEMPORAL_KEEP =
  "service_(requests|error_with_type)|approximate_backlog_(age_seconds|count)|persistence_(requests|error_with_type|latency_(sum|count)|sql_open_conn)|memory_(heapinuse|stack)|restarts";

/** A task queue of the app's own workers. */
const QUEUES = '{job="temporal",taskqueue!~"temporal_sys_.*|default_worker_tq"}';

export function temporalObservability({ store, visibility, tag }: TemporalObservabilityArgs): Observability {
  const requests = {
    title: "Temporal: requests per second",
    unit: "reqps",
    queries: [
      { expr: 'sum by (service_name) (rate(service_requests{job="temporal"}[5m]))', legend: "{{service_name}}" },
      { expr: 'sum(rate(service_error_with_type{job="temporal"}[5m]))', legend: "errors" },
    ],
  } as const;
  return {
    service: "temporal",
    // Its four roles report the same process.
    memory: { workload: "temporal", used: 'memory_heapinuse{job="temporal"} + memory_stack{job="temporal"}' },
    alerts: [
      {
        name: "TemporalDown",
        ...unanswered("temporal"),
        severity: "critical",
        summary: "Temporal does not answer: workflows stand still",
        mutesDependents: true,
      },
      {
        name: "TemporalTaskBacklog",
        expr: `max by (service, namespace, taskqueue) (approximate_backlog_age_seconds${QUEUES}) > 300`,
        for: "5m",
        severity: "warning",
        symptom: true,
        summary: "Tasks wait in a task queue of Temporal",
        description:
          "The oldest task of {{ $labels.taskqueue }} ({{ $labels.namespace }}) has waited for {{ $value | humanizeDuration }}.",
      },
      {
        name: "TemporalPersistenceErrors",
        expr: `sum by (service) (rate(persistence_error_with_type{job="temporal"}[5m])) / sum by (service) (rate(persistence_requests{job="temporal"}[5m])) > 0.01`,
        for: "10m",
        severity: "warning",
        symptom: true,
        summary: "Temporal has errors with its database",
        description: "{{ $value | humanizePercentage }} of its calls to the database fail.",
      },
    ],
    overview: [requests],
    dashboard: {
      uid: "apprun-temporal",
      title: "Temporal",
      panels: [
        requests,
        {
          title: "Oldest task by queue",
          unit: "s",
          queries: [
            { expr: `max by (taskqueue) (approximate_backlog_age_seconds{job="temporal"})`, legend: "{{taskqueue}}" },
          ],
        },
        {
          title: "Waiting tasks by queue",
          unit: "short",
          queries: [
            { expr: `sum by (taskqueue) (approximate_backlog_count{job="temporal"})`, legend: "{{taskqueue}}" },
          ],
        },
        {
          title: "Latency of its database, on average",
          unit: "s",
          queries: [
            {
              expr: 'sum(rate(persistence_latency_sum{job="temporal"}[5m])) / sum(rate(persistence_latency_count{job="temporal"}[5m]))',
              legend: "calls",
            },
          ],
        },
        {
          title: "Database connections",
          unit: "short",
          queries: [{ expr: 'sum by (db_kind) (persistence_sql_open_conn{job="temporal"})', legend: "{{db_kind}}" }],
        },
      ],
    },
    sql: schemaObservability(store, visibility, tag),
  };
}

function schemaObservability(store: string, visibility: string, tag: string): NonNullable<Observability["sql"]> {
  const expected = schemasOf(tag);
  const metrics = [schemaVersion("temporal_schema", store), schemaVersion("temporal_visibility_schema", visibility)];
  return {
    metrics,
    alerts: [mismatch(expected)],
    panels: [
      {
        title: "Version of the schemas, major × 1000 + minor",
        kind: "stat",
        unit: "short",
        queries: metrics.map(({ name, database }) => ({ expr: `${name}_version`, legend: database })),
      },
    ],
  };
}

function schemaVersion(name: string, database: string): SqlMetrics {
  return {
    name,
    database,
    table: "schema_version",
    columns: ["curr_version"],
    query:
      "SELECT max(split_part(curr_version, '.', 1)::int * 1000 + split_part(curr_version, '.', 2)::int) AS version",
    values: { version: "Version of the schema: major times 1000 plus minor." },
  };
}

function mismatch({ versions, exact }: ReturnType<typeof schemasOf>): AlertRule {
  const [store, visibility] = [number(versions.temporal), number(versions.temporal_visibility)];
  // A later server has a later schema; one before the first that is known here is wrong for every server.
  const differs = exact ? "!=" : "<";
  const wanted = `${store} and, for visibility, ${visibility}${exact ? "" : ", or later ones"}`;
  return {
    name: "TemporalSchemaMismatch",
    expr: `temporal_schema_version ${differs} ${store} or temporal_visibility_schema_version ${differs} ${visibility}`,
    for: "10m",
    severity: "critical",
    summary: "The schema in the database is not the one of this Temporal server",
    description: `The schema's version is {{ $value }} (major × 1000 + minor); this server was made for ${wanted}.`,
  };
}

/** `1.18` as the query gives it: 1018. */
function number(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}
