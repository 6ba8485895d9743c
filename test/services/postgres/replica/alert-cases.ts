import type { AlertCase } from "../../alert-case.ts";
import { pg, server } from "../alert-cases.ts";

export const CASES: readonly AlertCase[] = [
  {
    alert: "PostgresReplicaDown",
    firing: {
      series: pg("postgres_replica_streaming", "1x3 0x10"),
      at: "8m",
      labels: server,
      description:
        "0 replicas take the write-ahead log: reads there are old, and what is written since has no second copy.",
    },
    // A restart of either server.
    quiet: { series: pg("postgres_replica_streaming", "1x3 0 1x10"), at: "8m" },
  },
  {
    alert: "PostgresReplicaBehind",
    firing: {
      series: pg("postgres_replica_lag_bytes", "134217728x20"),
      at: "10m",
      labels: server,
      description: "The replica lacks 128MiB of write-ahead log: a promotion now would lose what is in it.",
    },
    quiet: { series: pg("postgres_replica_lag_bytes", "134217728x3 1000x20"), at: "10m" },
  },
  {
    alert: "PostgresReplicaLogNearLimit",
    firing: {
      series: pg("postgres_replica_kept_log_ratio", "0.9x10"),
      at: "5m",
      labels: server,
      description: "90% of postgres.replica.keptLog are kept for it; at 100 % the log goes and the copy with it.",
    },
    quiet: { series: pg("postgres_replica_kept_log_ratio", "0.5x10"), at: "5m" },
  },
];
