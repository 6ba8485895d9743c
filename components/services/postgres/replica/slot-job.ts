import { mebibytes, type Bytes } from "../../../model/units.ts";
import type { JobSpec } from "../../../model/workload.ts";
import { psqlJob, type PsqlJobArgs } from "../psql-job.ts";

/** Four segments of 16 MB: with less a replica would be too far behind after each restart. */
export const LEAST_KEPT = 64;

/** MiB of log that the primary keeps: with the default volume of 5Gi what PostgreSQL's own max_wal_size is, 1 GB. */
export function keptLog(given: Bytes | undefined, storage: Bytes): number {
  return given === undefined ? Math.max(LEAST_KEPT, Math.floor(mebibytes(storage) / 5)) : mebibytes(given);
}

/**
 * Bounds the log that the primary keeps for its replica: one that is down must not fill the primary's disk, and
 * PostgreSQL's own default has no bound. It is kept with the data, because the slot is too: a stack whose replica is
 * turned off may still have one. Safe to run again.
 */
export function slotJob({ kept, ...job }: Omit<PsqlJobArgs, "sql"> & { readonly kept: number }): JobSpec {
  return psqlJob({
    ...job,
    sql: `ALTER SYSTEM SET max_slot_wal_keep_size = '${kept}MB';\nSELECT pg_reload_conf();\n`,
  });
}
