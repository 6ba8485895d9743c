import type { AlertRule, Panel, ServerMetrics } from "../../../model/observability.ts";
import { REPLICA, SLOT } from "./names.ts";

const STANDBY = `FROM pg_stat_replication WHERE application_name = '${SLOT}' AND state = 'streaming'`;
const LIMIT = "pg_size_bytes(current_setting('max_slot_wal_keep_size'))";
const slot = (value: string) => `(SELECT ${value} FROM pg_replication_slots WHERE slot_name = '${SLOT}')`;

/** What the primary knows of its replica: it is asked where the data is, because a replica that is down says nothing. */
export const REPLICA_METRICS: ServerMetrics = {
  name: "postgres_replica",
  query: [
    `SELECT (SELECT count(*) ${STANDBY}) AS streaming`,
    `(SELECT max(extract(epoch FROM replay_lag)) ${STANDBY}) AS lag_seconds`,
    // Without a connection it is as far behind as its slot.
    `coalesce((SELECT max(pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)) ${STANDBY}), ${slot("pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)")}) AS lag_bytes`,
    `coalesce(${slot("active::int")}, 0) AS slot_active`,
    // A slot that was given up keeps nothing, and its replica must be copied again.
    `coalesce(${slot(`CASE WHEN wal_status = 'lost' THEN 1 ELSE pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) / nullif(${LIMIT}, 0) END`)}, 1) AS kept_log_ratio`,
  ].join(", "),
  values: {
    streaming: "Replicas that take the write-ahead log.",
    lag_seconds: "How far the replica is behind, as its last answer says; 0 or nothing when there is nothing to take.",
    lag_bytes: "Write-ahead log that the replica has not replayed.",
    slot_active: "Whether the replica is connected to its slot.",
    kept_log_ratio: "Write-ahead log that is kept for the replica, as a part of postgres.replica.keptLog.",
  },
};

export const REPLICA_ALERTS: readonly AlertRule[] = [
  {
    name: "PostgresReplicaDown",
    expr: "postgres_replica_streaming < 1",
    for: "2m",
    severity: "warning",
    mutes: ["PostgresReplicaBehind"],
    summary: "PostgreSQL's replica does not follow",
    description:
      "{{ $value }} replicas take the write-ahead log: reads there are old, and what is written since has no second copy.",
  },
  {
    name: "PostgresReplicaBehind",
    expr: "postgres_replica_lag_bytes > 67108864",
    for: "5m",
    severity: "warning",
    summary: "PostgreSQL's replica is behind",
    description:
      "The replica lacks {{ $value | humanize1024 }}B of write-ahead log: a promotion now would lose what is in it.",
  },
  {
    name: "PostgresReplicaLogNearLimit",
    expr: "postgres_replica_kept_log_ratio > 0.8",
    for: "1m",
    severity: "warning",
    summary: "PostgreSQL's replica soon has to be copied again",
    description:
      "{{ $value | humanizePercentage }} of postgres.replica.keptLog are kept for it; at 100 % the log goes and the copy with it.",
  },
];

export const REPLICA_PANELS: readonly Panel[] = [
  {
    title: "The replica is behind by",
    unit: "bytes",
    queries: [{ expr: "postgres_replica_lag_bytes", legend: REPLICA }],
  },
  {
    title: "Log kept for the replica",
    unit: "percentunit",
    queries: [{ expr: "postgres_replica_kept_log_ratio", legend: "of postgres.replica.keptLog" }],
  },
];
