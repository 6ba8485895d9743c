import { downCase, type AlertCase, type Series } from "../alert-case.ts";

const target = { job: "pgbouncer-exporter", instance: "pgbouncer-exporter:9127" };
const pool = { database: "apprun", user: "apprun" };

/** A series of the exporter. */
function series(metric: string, values: string, more: Readonly<Record<string, string>> = {}): Series {
  const labels = Object.entries({ ...target, service: "pgbouncer", ...more }).map(
    ([label, value]) => `${label}="${value}"`,
  );
  return { [`${metric}{${labels.join(",")}}`]: values };
}

const waiting = (values: string, of: typeof pool = pool) =>
  series("pgbouncer_pools_client_waiting_connections", values, of);
const longest = (values: string) => series("pgbouncer_pools_client_maxwait_seconds", values, pool);
const clients = (values: string) => ({
  ...series("pgbouncer_used_clients", values),
  ...series("pgbouncer_config_max_client_connections", "210x30"),
});

export const CASES: readonly AlertCase[] = [
  {
    alert: "PgbouncerDown",
    firing: {
      series: series("pgbouncer_up", "1x3 0x5"),
      at: "6m",
      labels: target,
      description: "Its console has not answered the exporter for a minute (pgbouncer_up is 0).",
    },
    // A restart between two scrapes.
    quiet: { series: series("pgbouncer_up", "1x3 0 1x5"), at: "4m" },
  },
  downCase("PgbouncerExporterDown", "pgbouncer-exporter", "pgbouncer-exporter:9127", "pgbouncer"),
  {
    alert: "PgbouncerClientsWaiting",
    firing: {
      series: waiting("4x20"),
      at: "12m",
      labels: { ...target, ...pool },
      description: "4 clients of apprun of apprun wait, and some have at each look for 5 minutes.",
    },
    // Bursts, and the console's own clients.
    quiet: {
      series: { ...waiting("0 9 0 0 9 0x20"), ...waiting("3x20", { database: "pgbouncer", user: "pgbouncer" }) },
      at: "12m",
    },
  },
  {
    alert: "PgbouncerWaitLong",
    firing: {
      series: longest("0x3 3x20"),
      at: "8m",
      labels: { ...target, ...pool },
      description: "The longest wait of apprun of apprun is 3 s now. After pgbouncer.queryWait the client is cut off.",
    },
    quiet: { series: longest("0.9x20"), at: "8m" },
  },
  {
    alert: "PgbouncerClientsNearLimit",
    firing: {
      series: clients("189x30"),
      at: "12m",
      labels: target,
      description: "90% of the clients that it lets in are connected; more are refused.",
    },
    quiet: { series: clients("160x30"), at: "12m" },
  },
];
