import { downCase, type AlertCase, type Series } from "../alert-case.ts";

/** Labels of what the exporter says of the server; other services' alerts read it too. */
const exporter = 'job="postgres-exporter",instance="postgres-exporter:9187",service="postgres"';
const target = { job: "postgres-exporter", instance: "postgres-exporter:9187" };
export const server = { ...target, server: "postgres:5432" };
export const pg = (metric: string, values: string, labels = 'server="postgres:5432"'): Series => ({
  [`${metric}{${exporter},${labels}}`]: values,
});

export const CASES: readonly AlertCase[] = [
  {
    alert: "PostgresDown",
    firing: {
      series: { [`pg_up{${exporter}}`]: "1x3 0x5" },
      at: "6m",
      labels: target,
      description: "The exporter has not been able to log in for a minute (up is 0). What stores data stands still.",
    },
    // The exporter's own silence says nothing of the server.
    quiet: { series: { [`pg_up{${exporter}}`]: "1x3 stale", [`up{${exporter}}`]: "1x3 0x9" }, at: "8m" },
  },
  downCase("PostgresExporterDown", "postgres-exporter", "postgres-exporter:9187", "postgres"),
  {
    alert: "PostgresConnectionsNearLimit",
    firing: {
      series: {
        ...pg("pg_stat_database_numbackends", "170x20", 'datname="apprun"'),
        ...pg("postgres_server_max_connections", "200x20"),
      },
      at: "10m",
      description: "85% of max_connections are taken; at 100 % every service gets errors.",
    },
    quiet: {
      series: {
        ...pg("pg_stat_database_numbackends", "150x20", 'datname="apprun"'),
        ...pg("postgres_server_max_connections", "200x20"),
      },
      at: "10m",
    },
  },
  {
    alert: "PostgresReplicationLag",
    firing: {
      series: pg("postgres_server_replication_lag_seconds", "90x20"),
      at: "15m",
      labels: server,
      description: "90 (seconds of lag, or bytes of write-ahead log that a slot keeps): the disk fills while it lasts.",
    },
    quiet: {
      series: {
        ...pg("postgres_server_replication_lag_seconds", "30x20"),
        ...pg("postgres_server_slot_wal_bytes", "1000x20"),
      },
      at: "15m",
    },
  },
  {
    alert: "PostgresWalArchiveLag",
    firing: {
      series: pg("postgres_server_wal_files_to_archive", "0+1x40"),
      at: "30m",
      labels: server,
      description:
        "30 files of 16 MB wait to be archived: what they hold could not be restored, and they fill the disk.",
    },
    quiet: { series: pg("postgres_server_wal_files_to_archive", "2x40"), at: "30m" },
  },
  {
    alert: "PostgresLongTransaction",
    firing: {
      series: pg("postgres_server_longest_transaction_seconds", "3600+60x20"),
      at: "10m",
      labels: server,
      description: "The oldest transaction is 1h 10m 0s old: vacuum cannot clean up behind it.",
    },
    quiet: { series: pg("postgres_server_longest_transaction_seconds", "10x20"), at: "10m" },
  },
  {
    alert: "PostgresCollationChanged",
    firing: {
      series: pg("postgres_server_databases_sorted_otherwise", "0x2 3x20"),
      at: "15m",
      labels: server,
      description:
        "3 databases were made with another version of their collation: rows are not found by text indexes, and unique values may come twice.",
    },
    quiet: { series: pg("postgres_server_databases_sorted_otherwise", "0x20"), at: "15m" },
  },
  {
    alert: "PostgresDeadlocks",
    firing: {
      series: pg("pg_stat_database_deadlocks", "0+1x30", 'datname="apprun"'),
      at: "20m",
      labels: { datname: "apprun" },
      description: "15 deadlocks in database apprun within 15 minutes.",
    },
    quiet: { series: pg("pg_stat_database_deadlocks", "7x30", 'datname="apprun"'), at: "20m" },
  },
  {
    alert: "PostgresRestarted",
    firing: {
      series: pg("postgres_server_start_time_seconds", "100 200 300 300x10"),
      at: "8m",
      labels: server,
      description: "It started 2 times within 15 minutes.",
    },
    quiet: { series: pg("postgres_server_start_time_seconds", "100 200x12"), at: "8m" },
  },
];
