import type { Observability, ServerMetrics } from "../../model/observability.ts";
import { exporterDown } from "../kit/exporter.ts";
import { REPLICA_ALERTS, REPLICA_PANELS } from "./replica/observability.ts";

/** Figures of the server that the exporter's own collectors name differently from version to version, or leave out. */
export const SERVER_METRICS: ServerMetrics = {
  name: "postgres_server",
  query: [
    "SELECT extract(epoch FROM pg_postmaster_start_time()) AS start_time_seconds",
    "current_setting('max_connections')::int AS max_connections",
    "coalesce((SELECT max(extract(epoch FROM replay_lag)) FROM pg_stat_replication), 0) AS replication_lag_seconds",
    "CASE WHEN pg_is_in_recovery() THEN 0 ELSE coalesce((SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) FROM pg_replication_slots), 0) END AS slot_wal_bytes",
    // Files that wait for the archive: their number times 16 MB is what an outage of the archive loses.
    "CASE WHEN current_setting('archive_mode') = 'off' THEN 0 ELSE (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready') END AS wal_files_to_archive",
    "coalesce((SELECT max(extract(epoch FROM now() - xact_start)) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()), 0) AS longest_transaction_seconds",
    // A server that sorts otherwise than the one that made the indexes finds no rows by them.
    "(SELECT count(*) FROM pg_database WHERE datallowconn AND datcollversion IS DISTINCT FROM pg_database_collation_actual_version(oid)) AS databases_sorted_otherwise",
  ].join(", "),
  values: {
    start_time_seconds: "When the server started, in seconds since 1970.",
    max_connections: "Connections that the server takes.",
    replication_lag_seconds: "How far the slowest standby is behind; 0 without one.",
    slot_wal_bytes: "Write-ahead log that the slowest replication slot keeps from being removed.",
    wal_files_to_archive: "Write-ahead log files of 16 MB that wait for the archive.",
    longest_transaction_seconds: "Age of the oldest open transaction.",
    databases_sorted_otherwise: "Databases whose indexes were made with another version of their collation.",
  },
};

const CONNECTIONS = "sum(pg_stat_database_numbackends) / max(postgres_server_max_connections)";

export function postgresObservability({ replica }: { readonly replica: boolean }): Observability {
  const connections = {
    title: "Connections",
    unit: "short",
    queries: [
      { expr: "sum by (datname) (pg_stat_database_numbackends)", legend: "{{datname}}" },
      { expr: "max(postgres_server_max_connections)", legend: "allowed" },
    ],
  } as const;
  return {
    service: "postgres",
    alerts: [
      {
        name: "PostgresDown",
        expr: "pg_up == 0",
        for: "1m",
        severity: "critical",
        summary: "PostgreSQL does not answer",
        description:
          "The exporter has not been able to log in for a minute (up is {{ $value }}). What stores data stands still.",
        mutesDependents: true,
      },
      exporterDown("PostgresExporterDown", "postgres-exporter", "PostgreSQL"),
      {
        name: "PostgresConnectionsNearLimit",
        expr: `${CONNECTIONS} > 0.8`,
        for: "5m",
        severity: "warning",
        summary: "PostgreSQL is running out of connections",
        description:
          "{{ $value | humanizePercentage }} of max_connections are taken; at 100 % every service gets errors.",
      },
      {
        name: "PostgresReplicationLag",
        expr: "postgres_server_replication_lag_seconds > 60 or postgres_server_slot_wal_bytes > 1073741824",
        for: "10m",
        severity: "warning",
        summary: "A standby or a replication slot of PostgreSQL falls behind",
        description:
          "{{ $value | humanize }} (seconds of lag, or bytes of write-ahead log that a slot keeps): the disk fills while it lasts.",
      },
      {
        name: "PostgresWalArchiveLag",
        expr: "postgres_server_wal_files_to_archive > 4",
        for: "15m",
        severity: "critical",
        summary: "PostgreSQL's write-ahead log does not reach the archive",
        description:
          "{{ $value }} files of 16 MB wait to be archived: what they hold could not be restored, and they fill the disk.",
      },
      {
        name: "PostgresLongTransaction",
        expr: "postgres_server_longest_transaction_seconds > 3600",
        for: "5m",
        severity: "warning",
        summary: "A transaction has been open for an hour",
        description: "The oldest transaction is {{ $value | humanizeDuration }} old: vacuum cannot clean up behind it.",
      },
      {
        name: "PostgresCollationChanged",
        expr: "postgres_server_databases_sorted_otherwise > 0",
        for: "5m",
        severity: "critical",
        summary: "PostgreSQL sorts texts otherwise than its indexes are",
        description:
          "{{ $value }} databases were made with another version of their collation: rows are not found by text indexes, and unique values may come twice.",
      },
      {
        name: "PostgresDeadlocks",
        expr: "sum by (datname, service) (increase(pg_stat_database_deadlocks[15m])) > 3",
        severity: "warning",
        summary: "Transactions deadlock in PostgreSQL",
        description: "{{ $value | humanize }} deadlocks in database {{ $labels.datname }} within 15 minutes.",
      },
      {
        name: "PostgresRestarted",
        expr: "changes(postgres_server_start_time_seconds[15m]) > 1",
        severity: "warning",
        summary: "PostgreSQL restarts again and again",
        description: "It started {{ $value }} times within 15 minutes.",
      },
      ...(replica ? REPLICA_ALERTS : []),
    ],
    overview: [connections],
    dashboard: {
      uid: "apprun-postgres",
      title: "PostgreSQL",
      panels: [
        {
          title: "Answers",
          kind: "stat",
          unit: "bool",
          width: 6,
          redBelow: 1,
          queries: [{ expr: "max(pg_up)", legend: "up" }],
        },
        {
          title: "Connections taken",
          kind: "stat",
          unit: "percentunit",
          width: 6,
          redAbove: 0.8,
          queries: [{ expr: CONNECTIONS, legend: "of the limit" }],
        },
        {
          title: "Size by database",
          kind: "stat",
          unit: "bytes",
          queries: [{ expr: "max by (datname) (pg_database_size_bytes)", legend: "{{datname}}" }],
        },
        connections,
        {
          title: "Transactions per second",
          unit: "ops",
          queries: [
            { expr: "sum by (datname) (rate(pg_stat_database_xact_commit[5m]))", legend: "{{datname}}" },
            { expr: "sum(rate(pg_stat_database_xact_rollback[5m]))", legend: "rolled back" },
          ],
        },
        {
          title: "Reads answered from memory",
          unit: "percentunit",
          queries: [
            {
              expr: "sum(rate(pg_stat_database_blks_hit[5m])) / (sum(rate(pg_stat_database_blks_hit[5m])) + sum(rate(pg_stat_database_blks_read[5m])))",
              legend: "hits",
            },
          ],
        },
        { title: "Locks", unit: "short", queries: [{ expr: "sum by (mode) (pg_locks_count)", legend: "{{mode}}" }] },
        {
          title: "Replication and archive",
          unit: "short",
          queries: [
            { expr: "postgres_server_replication_lag_seconds", legend: "lag of standbys, s" },
            { expr: "postgres_server_wal_files_to_archive", legend: "files to archive" },
          ],
        },
        {
          title: "Oldest transaction",
          unit: "s",
          queries: [{ expr: "postgres_server_longest_transaction_seconds", legend: "age" }],
        },
        ...(replica ? REPLICA_PANELS : []),
      ],
    },
  };
}
