import { downCase, type AlertCase, type Series } from "./alert-case.ts";

const exporter = 'job="postgres-exporter",instance="postgres-exporter:9187",service="postgres"';
const pgTarget = { job: "postgres-exporter", instance: "postgres-exporter:9187" };
const server = { ...pgTarget, server: "postgres:5432" };
const pg = (metric: string, values: string, labels = 'server="postgres:5432"'): Series => ({ [`${metric}{${exporter},${labels}}`]: values });
const cacheExporter = 'job="cache-exporter",instance="cache-exporter:9121",service="cache"';
const cacheTarget = { job: "cache-exporter", instance: "cache-exporter:9121" };
const cache = (metric: string, values: string): Series => ({ [`${metric}{${cacheExporter}}`]: values });
const natsExporter = 'job="nats-exporter",instance="nats-exporter:7777",service="nats"';
const natsTarget = { job: "nats-exporter", instance: "nats-exporter:7777" };
const nats = (metric: string, values: string, labels = ""): Series => ({ [`${metric}{${natsExporter}${labels}}`]: values });
const CONSUMER = ',stream_name="orders",consumer_name="mailer"';

export const DATA_CASES: readonly AlertCase[] = [
  {
    alert: "PostgresDown",
    firing: {
      series: { [`pg_up{${exporter}}`]: "1x3 0x5" },
      at: "6m",
      labels: pgTarget,
      description: "The exporter has not been able to log in for a minute (up is 0). What stores data stands still.",
    },
    // The exporter's own silence says nothing of the server.
    quiet: { series: { [`pg_up{${exporter}}`]: "1x3 stale", [`up{${exporter}}`]: "1x3 0x9" }, at: "8m" },
  },
  downCase("PostgresExporterDown", "postgres-exporter", "postgres-exporter:9187", "postgres"),
  {
    alert: "PostgresConnectionsNearLimit",
    firing: {
      series: { ...pg("pg_stat_database_numbackends", "170x20", 'datname="apprun"'), ...pg("postgres_server_max_connections", "200x20") },
      at: "10m",
      description: "85% of max_connections are taken; at 100 % every service gets errors.",
    },
    quiet: { series: { ...pg("pg_stat_database_numbackends", "150x20", 'datname="apprun"'), ...pg("postgres_server_max_connections", "200x20") }, at: "10m" },
  },
  {
    alert: "PostgresReplicationLag",
    firing: {
      series: pg("postgres_server_replication_lag_seconds", "90x20"),
      at: "15m",
      labels: server,
      description: "90 (seconds of lag, or bytes of write-ahead log that a slot keeps): the disk fills while it lasts.",
    },
    quiet: { series: { ...pg("postgres_server_replication_lag_seconds", "30x20"), ...pg("postgres_server_slot_wal_bytes", "1000x20") }, at: "15m" },
  },
  {
    alert: "PostgresWalArchiveLag",
    firing: {
      series: pg("postgres_server_wal_files_to_archive", "0+1x40"),
      at: "30m",
      labels: server,
      description: "30 files of 16 MB wait to be archived: what they hold could not be restored, and they fill the disk.",
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
  {
    alert: "CacheDown",
    firing: {
      series: cache("redis_up", "1x3 0x5"),
      at: "6m",
      labels: cacheTarget,
      description: "The exporter has not been able to log in for a minute (up is 0). Sessions and events stand still.",
    },
    quiet: { series: { ...cache("redis_up", "1x3 stale"), [`up{${cacheExporter}}`]: "1x3 0x9" }, at: "8m" },
  },
  downCase("CacheExporterDown", "cache-exporter", "cache-exporter:9121", "cache"),
  {
    alert: "CacheMemoryNearLimit",
    firing: {
      series: { ...cache("redis_memory_used_bytes", "95x20"), ...cache("redis_memory_max_bytes", "100x20") },
      at: "15m",
      labels: cacheTarget,
      description: "95% of maxmemory are used; above it the policy drops keys or refuses writes.",
    },
    quiet: { series: { ...cache("redis_memory_used_bytes", "95x20"), ...cache("redis_memory_max_bytes", "0x20") }, at: "15m" },
  },
  {
    alert: "CacheEvictions",
    firing: {
      series: cache("redis_evicted_keys_total", "0+120x40"),
      at: "30m",
      labels: cacheTarget,
      description: "2 keys a second have been evicted for 15 minutes.",
    },
    quiet: { series: cache("redis_evicted_keys_total", "0+30x40"), at: "30m" },
  },
  {
    alert: "CachePersistenceFailing",
    firing: {
      series: cache("redis_aof_last_write_status", "1 0x9"),
      at: "5m",
      labels: cacheTarget,
      description: "The last write of cache-exporter:9121 failed (status 0): a restart now loses data.",
    },
    quiet: { series: { ...cache("redis_aof_last_write_status", "1x9"), ...cache("redis_rdb_last_bgsave_status", "1x9") }, at: "5m" },
  },
  {
    alert: "NatsDown",
    firing: {
      series: { [`up{${natsExporter}}`]: "1x9", ...nats("gnatsd_varz_mem", "100x9"), ...nats("jetstream_server_max_storage", "100x3 stale") },
      at: "6m",
      labels: natsTarget,
      description: "The exporter has had no figures of the server for a minute (the value is 0). Events stand still.",
    },
    quiet: { series: { [`up{${natsExporter}}`]: "1x3 0x9", ...nats("jetstream_server_max_storage", "100x3 stale") }, at: "8m" },
  },
  downCase("NatsExporterDown", "nats-exporter", "nats-exporter:7777", "nats"),
  {
    alert: "NatsStorageNearLimit",
    firing: {
      series: { ...nats("jetstream_server_total_message_bytes", "90x20"), ...nats("jetstream_server_max_storage", "100x20") },
      at: "15m",
      labels: natsTarget,
      description: "90% of what streams may store are used; above it publishing fails.",
    },
    quiet: { series: { ...nats("jetstream_server_total_message_bytes", "80x20"), ...nats("jetstream_server_max_storage", "100x20") }, at: "15m" },
  },
  {
    alert: "NatsSlowConsumers",
    firing: {
      series: nats("gnatsd_varz_slow_consumers", "0x10 3x20"),
      at: "15m",
      labels: natsTarget,
      description: "3 clients were cut off within 15 minutes; what was not stored in a stream is lost to them.",
    },
    quiet: { series: nats("gnatsd_varz_slow_consumers", "3x30"), at: "20m" },
  },
  {
    alert: "NatsConsumerBacklog",
    firing: {
      series: nats("jetstream_consumer_num_pending", "0+100x60", CONSUMER),
      at: "40m",
      labels: { ...natsTarget, stream_name: "orders", consumer_name: "mailer" },
      description: "4k events of stream orders wait for consumer mailer, and they grow more.",
    },
    quiet: { series: nats("jetstream_consumer_num_pending", "5000-10x60", CONSUMER), at: "40m" },
  },
  {
    alert: "KratosCourierQueueStuck",
    firing: {
      series: pg("kratos_courier_oldest_queued_seconds", "600+60x20"),
      at: "10m",
      labels: server,
      description: "The oldest mail has waited for 20m 0s.",
    },
    quiet: { series: pg("kratos_courier_oldest_queued_seconds", "30x20"), at: "10m" },
  },
  {
    alert: "KratosMailsAbandoned",
    firing: {
      series: pg("kratos_courier_abandoned", "0x30 4x60"),
      at: "80m",
      labels: server,
      description: "4 mails were abandoned within the last hour; their receivers never get them.",
    },
    quiet: { series: pg("kratos_courier_abandoned", "4x60"), at: "60m" },
  },
  {
    alert: "TemporalSchemaMismatch",
    firing: {
      series: { ...pg("temporal_schema_version", "1017x20"), ...pg("temporal_visibility_schema_version", "1013x20") },
      at: "15m",
      labels: server,
      description: "The schema's version is 1017 (major × 1000 + minor); this server was made for 1018 and, for visibility, 1013.",
    },
    quiet: { series: { ...pg("temporal_schema_version", "1018x20"), ...pg("temporal_visibility_schema_version", "1013x20") }, at: "15m" },
  },
];
