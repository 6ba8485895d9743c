/** The workload and its host: where the stack reads without the primary. */
export const REPLICA = "postgres-replica";

/** The role that copies the primary's data. */
export const REPLICATOR = "replicator";

/** The primary's slot, which keeps the write-ahead log that the replica has not taken yet. */
export const SLOT = "replica";

/** The volume of a major version's replica. */
export function replicaVolume(major: string): string {
  return `postgres-${major}-replica`;
}
