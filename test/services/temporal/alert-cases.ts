import { downCase, labelsOf, series, type AlertCase } from "../alert-case.ts";
import { pg, server } from "../postgres/alert-cases.ts";

const temporal = labelsOf("temporal", "temporal:9090");
const backlog = (queue: string, values: string) =>
  series(
    "approximate_backlog_age_seconds",
    { ...temporal, namespace: "apprun", taskqueue: queue, partition: "0" },
    values,
  );
const persistence = (errors: number) => ({
  ...series("persistence_requests", temporal, "0+100x30"),
  ...series("persistence_error_with_type", temporal, `0+${errors}x30`),
});

export const CASES: readonly AlertCase[] = [
  downCase("TemporalDown", "temporal", "temporal:9090"),
  {
    alert: "TemporalTaskBacklog",
    firing: {
      series: backlog("orders", "0+60x20"),
      at: "15m",
      labels: { namespace: "apprun", taskqueue: "orders" },
      description: "The oldest task of orders (apprun) has waited for 15m 0s.",
    },
    quiet: { series: { ...backlog("orders", "10x20"), ...backlog("temporal_sys_per_ns_tq", "900x20") }, at: "15m" },
  },
  {
    alert: "TemporalPersistenceErrors",
    firing: { series: persistence(5), at: "20m", description: "5% of its calls to the database fail." },
    quiet: { series: persistence(0), at: "20m" },
  },
  {
    alert: "TemporalSchemaMismatch",
    firing: {
      series: { ...pg("temporal_schema_version", "1018x20"), ...pg("temporal_visibility_schema_version", "1014x20") },
      at: "15m",
      labels: server,
      description:
        "The schema's version is 1018 (major × 1000 + minor); this server was made for 1019 and, for visibility, 1014.",
    },
    quiet: {
      series: { ...pg("temporal_schema_version", "1019x20"), ...pg("temporal_visibility_schema_version", "1014x20") },
      at: "15m",
    },
  },
];
