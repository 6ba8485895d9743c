import { stringify } from "yaml";
import type { ServerMetrics, SqlMetrics } from "../../model/observability.ts";

/** SQL that lets a role read the columns that the metrics name, and no other data. For psql; safe to run again. */
export function monitoringSql(role: string, metrics: readonly SqlMetrics[]): string {
  const grants = metrics.flatMap(({ database, table, columns }) => [
    `GRANT CONNECT ON DATABASE "${database}" TO "${role}";`,
    `\\connect "${database}"`,
    `GRANT SELECT (${columns.map((column) => `"${column}"`).join(", ")}) ON public."${table}" TO "${role}";`,
  ]);
  return `${grants.join("\n")}\n`;
}

/** The exporter's file of queries: those of the server, and of services' own tables. */
export function exporterQueries(server: readonly ServerMetrics[], metrics: readonly SqlMetrics[]): string {
  const entry = (query: string, values: SqlMetrics["values"], more: object = {}) => ({
    query,
    ...more,
    metrics: Object.entries(values).map(([column, description]) => ({ [column]: { usage: "GAUGE", description } })),
  });
  return stringify(
    {
      ...Object.fromEntries(server.map(({ name, query, values }) => [name, entry(query, values, { master: true })])),
      ...Object.fromEntries(metrics.map((metric) => [metric.name, entry(whereTableIs(metric), metric.values)])),
    },
    { lineWidth: 0 },
  );
}

/**
 * The exporter runs every query in every database. A query that names a table
 * fails where there is none, so this one looks first whether it is in the right
 * database and the table is there, and only then runs the inner query.
 */
function whereTableIs({ database, table, query, values }: SqlMetrics): string {
  const columns = Object.keys(values).map(
    (column) => `(xpath('/row/${column}/text()', result))[1]::text::float8 AS ${column}`,
  );
  const inner = `${query} FROM public."${table}"`.replaceAll("'", "''");
  return `SELECT ${columns.join(", ")} FROM (SELECT query_to_xml('${inner}', true, true, '') AS result FROM pg_class WHERE current_database() = '${database}' AND oid = to_regclass('public.${table}')) AS counted`;
}
