import type { Resources } from "./workload.ts";

/** What serves one small file to Prometheus. */
export const BACKUP_METRICS_RESOURCES: Resources = { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "100m", memory: "64Mi" } };
