import { mebibytes, type Bytes } from "../../model/units.ts";

/**
 * Server parameters, scaled to the memory limit. apprun's own deployment guide gives the figures for
 * 2 GiB: shared_buffers 512 MB, effective_cache_size 2 GB,
 * maintenance_work_mem 128 MB.
 */
export function tuning(memory: Bytes, maxConnections: number): Record<string, string> {
  const limit = mebibytes(memory);
  const megabytes = (part: number, least: number) => `${Math.max(least, Math.floor(limit * part))}MB`;
  return {
    shared_buffers: megabytes(1 / 4, 32),
    effective_cache_size: megabytes(1, 128),
    maintenance_work_mem: megabytes(1 / 16, 16),
    max_connections: String(maxConnections),
    password_encryption: "scram-sha-256",
  };
}
