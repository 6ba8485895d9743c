import { downCase, type AlertCase, type Series } from "../alert-case.ts";

const exporter = 'job="cache-exporter",instance="cache-exporter:9121",service="cache"';
const target = { job: "cache-exporter", instance: "cache-exporter:9121" };
const cache = (metric: string, values: string): Series => ({ [`${metric}{${exporter}}`]: values });

export const CASES: readonly AlertCase[] = [
  {
    alert: "CacheDown",
    firing: {
      series: cache("redis_up", "1x3 0x5"),
      at: "6m",
      labels: target,
      description: "The exporter has not been able to log in for a minute (up is 0). Sessions and events stand still.",
    },
    quiet: { series: { ...cache("redis_up", "1x3 stale"), [`up{${exporter}}`]: "1x3 0x9" }, at: "8m" },
  },
  downCase("CacheExporterDown", "cache-exporter", "cache-exporter:9121", "cache"),
  {
    alert: "CacheMemoryNearLimit",
    firing: {
      series: { ...cache("redis_memory_used_bytes", "95x20"), ...cache("redis_memory_max_bytes", "100x20") },
      at: "15m",
      labels: target,
      description: "95% of maxmemory are used; above it the policy drops keys or refuses writes.",
    },
    quiet: {
      series: { ...cache("redis_memory_used_bytes", "95x20"), ...cache("redis_memory_max_bytes", "0x20") },
      at: "15m",
    },
  },
  {
    alert: "CacheEvictions",
    firing: {
      series: cache("redis_evicted_keys_total", "0+120x40"),
      at: "30m",
      labels: target,
      description: "2 keys a second have been evicted for 15 minutes.",
    },
    quiet: { series: cache("redis_evicted_keys_total", "0+30x40"), at: "30m" },
  },
  {
    alert: "CachePersistenceFailing",
    firing: {
      series: cache("redis_aof_last_write_status", "1 0x9"),
      at: "5m",
      labels: target,
      description: "The last write of cache-exporter:9121 failed (status 0): a restart now loses data.",
    },
    quiet: {
      series: { ...cache("redis_aof_last_write_status", "1x9"), ...cache("redis_rdb_last_bgsave_status", "1x9") },
      at: "5m",
    },
  },
];
