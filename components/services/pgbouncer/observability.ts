import type { Observability } from "../../model/observability.ts";
import { exporterDown } from "../kit/exporter.ts";

const EXPORTER = "pgbouncer-exporter";
/** Clients of the roles, without the console's. */
const CLIENTS = 'database!="pgbouncer"';
const WAITING = `pgbouncer_pools_client_waiting_connections{${CLIENTS}}`;
const MOST = "pgbouncer_config_max_client_connections";
const POOL = "{{ $labels.user }} of {{ $labels.database }}";
const VALUE = "{{ $value | humanize }}";

const perPool = (metric: string) => `${metric}{${CLIENTS}}`;
const perSecond = (metric: string) => `rate(${metric}{${CLIENTS}}[5m])`;

export function pgbouncerObservability(): Observability {
  const clients = {
    title: "PgBouncer: clients",
    unit: "short",
    queries: [
      { expr: "pgbouncer_used_clients", legend: "connected" },
      { expr: `sum(${WAITING})`, legend: "that wait" },
      { expr: MOST, legend: "the most" },
    ],
  } as const;
  return {
    service: "pgbouncer",
    alerts: [
      {
        name: "PgbouncerDown",
        expr: "pgbouncer_up == 0",
        for: "1m",
        severity: "critical",
        summary: "PgBouncer does not answer, and with it the app has no database",
        description: "Its console has not answered the exporter for a minute (pgbouncer_up is {{ $value }}).",
        mutesDependents: true,
      },
      exporterDown("PgbouncerExporterDown", EXPORTER, "PgBouncer"),
      {
        name: "PgbouncerClientsWaiting",
        expr: `${WAITING} > 0`,
        for: "5m",
        severity: "warning",
        summary: "Clients of PgBouncer wait for a connection to PostgreSQL",
        description: `${VALUE} clients of ${POOL} wait, and some have at each look for 5 minutes.`,
      },
      {
        name: "PgbouncerWaitLong",
        expr: `${perPool("pgbouncer_pools_client_maxwait_seconds")} > 1`,
        for: "2m",
        severity: "critical",
        summary: "Queries wait more than a second for a connection to PostgreSQL",
        description: `The longest wait of ${POOL} is ${VALUE} s now. After pgbouncer.queryWait the client is cut off.`,
        mutes: ["PgbouncerClientsWaiting"],
      },
      {
        name: "PgbouncerClientsNearLimit",
        expr: `pgbouncer_used_clients / (${MOST} > 0) > 0.8`,
        for: "5m",
        severity: "warning",
        summary: "PgBouncer has almost as many clients as it takes",
        description:
          "{{ $value | humanizePercentage }} of the clients that it lets in are connected; more are refused.",
      },
    ],
    overview: [clients],
    dashboard: {
      uid: "apprun-pgbouncer",
      title: "PgBouncer",
      panels: [
        clients,
        {
          title: "Connections to PostgreSQL",
          unit: "short",
          queries: [
            { expr: perPool("pgbouncer_pools_server_active_connections"), legend: "{{user}}: in a transaction" },
            { expr: perPool("pgbouncer_pools_server_idle_connections"), legend: "{{user}}: free" },
          ],
        },
        {
          title: "Longest wait for a connection now",
          unit: "s",
          queries: [{ expr: perPool("pgbouncer_pools_client_maxwait_seconds"), legend: "{{user}}" }],
        },
        {
          title: "Time that clients waited, per second",
          unit: "s",
          queries: [{ expr: perSecond("pgbouncer_stats_totals_client_wait_seconds_total"), legend: "{{database}}" }],
        },
        {
          title: "Transactions per second",
          unit: "ops",
          queries: [
            { expr: perSecond("pgbouncer_stats_totals_sql_transactions_pooled_total"), legend: "{{database}}" },
          ],
        },
      ],
    },
  };
}
