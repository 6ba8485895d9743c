import type { Observability } from "../../model/observability.ts";
import { exporterDown } from "../kit/exporter.ts";

const USED = "redis_memory_used_bytes / (redis_memory_max_bytes > 0)";

export function cacheObservability(): Observability {
  const memory = {
    title: "Cache: memory",
    unit: "bytes",
    queries: [
      { expr: "redis_memory_used_bytes", legend: "data" },
      { expr: "redis_memory_max_bytes", legend: "allowed for data" },
      { expr: "redis_memory_used_rss_bytes", legend: "process" },
    ],
  } as const;
  return {
    service: "cache",
    memory: { workload: "cache", used: "redis_memory_used_rss_bytes" },
    alerts: [
      {
        name: "CacheDown",
        expr: "redis_up == 0",
        for: "1m",
        severity: "critical",
        summary: "The cache does not answer",
        description:
          "The exporter has not been able to log in for a minute (up is {{ $value }}). Sessions and events stand still.",
        mutesDependents: true,
      },
      exporterDown("CacheExporterDown", "cache-exporter", "the cache"),
      {
        name: "CacheMemoryNearLimit",
        expr: `${USED} > 0.9`,
        for: "10m",
        severity: "warning",
        summary: "The cache is almost full",
        description:
          "{{ $value | humanizePercentage }} of maxmemory are used; above it the policy drops keys or refuses writes.",
      },
      {
        name: "CacheEvictions",
        expr: "rate(redis_evicted_keys_total[5m]) > 1",
        for: "15m",
        severity: "warning",
        summary: "The cache drops keys because it is full",
        description: "{{ $value | humanize }} keys a second have been evicted for 15 minutes.",
        mutes: ["CacheMemoryNearLimit"],
      },
      {
        name: "CachePersistenceFailing",
        expr: "redis_aof_last_write_status == 0 or redis_rdb_last_bgsave_status == 0",
        for: "1m",
        severity: "critical",
        summary: "The cache cannot write to its disk",
        description: "The last write of {{ $labels.instance }} failed (status {{ $value }}): a restart now loses data.",
      },
    ],
    overview: [memory],
    dashboard: {
      uid: "apprun-cache",
      title: "Cache",
      panels: [
        memory,
        {
          title: "Commands per second",
          unit: "ops",
          queries: [{ expr: "rate(redis_commands_processed_total[5m])", legend: "commands" }],
        },
        {
          title: "Keys",
          unit: "short",
          queries: [
            { expr: "sum(redis_db_keys)", legend: "stored" },
            { expr: "sum(redis_db_keys_expiring)", legend: "with an end" },
          ],
        },
        {
          title: "Hits",
          unit: "percentunit",
          queries: [
            {
              expr: "rate(redis_keyspace_hits_total[5m]) / (rate(redis_keyspace_hits_total[5m]) + rate(redis_keyspace_misses_total[5m]))",
              legend: "of reads",
            },
          ],
        },
        {
          title: "Evicted and expired keys per second",
          unit: "ops",
          queries: [
            { expr: "rate(redis_evicted_keys_total[5m])", legend: "evicted" },
            { expr: "rate(redis_expired_keys_total[5m])", legend: "expired" },
          ],
        },
        { title: "Clients", unit: "short", queries: [{ expr: "redis_connected_clients", legend: "connected" }] },
      ],
    },
  };
}
