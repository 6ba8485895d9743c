import type { AlertRule, Observability, RecordingRule, SqlMetrics } from "../../model/observability.ts";
import { mebibytes } from "../../model/units.ts";
import type { Workload } from "../../model/workload.ts";

/** What workloads declare about themselves, sorted by service; without `sql` where no exporter asks the databases. */
export function observabilityOf(
  workloads: readonly Workload[],
  { sql }: { readonly sql: boolean },
): readonly Observability[] {
  return workloads
    .flatMap(({ spec }) => spec.observability ?? [])
    .map((declared) => (sql ? withSql(declared) : declared))
    .sort((a, b) => (a.service < b.service ? -1 : 1));
}

/** The metrics that the databases' exporter must ask for. */
export function sqlMetricsOf(workloads: readonly Workload[]): readonly SqlMetrics[] {
  return workloads.flatMap(({ spec }) => spec.observability?.sql?.metrics ?? []);
}

function withSql({ sql, ...declared }: Observability): Observability {
  if (sql === undefined) return declared;
  const { alerts = [], dashboard } = declared;
  return {
    ...declared,
    alerts: [...alerts, ...sql.alerts],
    ...(dashboard && { dashboard: { ...dashboard, panels: [...dashboard.panels, ...sql.panels] } }),
  };
}

/** Every alert with the service that it is about. */
export function alertsOf(
  observabilities: readonly Observability[],
): readonly (AlertRule & { readonly service: string })[] {
  return observabilities.flatMap(({ service, alerts = [] }) => alerts.map((alert) => ({ ...alert, service })));
}

/**
 * How much of its limit each workload uses. The limit is the model's, the use
 * what the process says of itself: reading both from the engine would take its
 * socket.
 */
export function memoryRatios(workloads: readonly Pick<Workload, "name" | "spec">[]): readonly RecordingRule[] {
  const declared = new Map(
    workloads.flatMap(({ spec }) => spec.observability?.memory ?? []).map(({ workload, used }) => [workload, used]),
  );
  return workloads.flatMap(({ name, spec }) => {
    const used = declared.get(name) ?? (spec.metrics && `process_resident_memory_bytes{job="${name}"}`);
    const limit = mebibytes(spec.resources.limits.memory) * 1024 * 1024;
    return used === undefined
      ? []
      : [
          {
            record: "workload:memory_used:ratio",
            expr: `max by (instance, service) (${used}) / ${limit}`,
            labels: { workload: name },
          },
        ];
  });
}

/** A connection between two workloads: the first needs the second. */
export type Need = readonly [from: string, to: string];

/** What the workloads connect to and cannot work without. */
export function needsOf(workloads: readonly Workload[]): readonly Need[] {
  return workloads.flatMap(({ name, spec }) =>
    (spec.connectsTo ?? [])
      .filter((endpoint) => !(spec.worksWithout ?? []).includes(endpoint.workload))
      .map((endpoint): Need => [name, endpoint.workload]),
  );
}

/** Everything that needs a workload, directly or not; sorted, without itself. */
export function dependentsOf(workload: string, needs: readonly Need[]): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string) => {
    for (const [from, to] of needs)
      if (to === name && !found.has(from)) {
        found.add(from);
        visit(from);
      }
  };
  visit(workload);
  found.delete(workload);
  return [...found].sort();
}
