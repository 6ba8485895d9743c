import { downCase, type AlertCase, type Series } from "../alert-case.ts";

const exporter = 'job="nats-exporter",instance="nats-exporter:7777",service="nats"';
const target = { job: "nats-exporter", instance: "nats-exporter:7777" };
const nats = (metric: string, values: string, labels = ""): Series => ({ [`${metric}{${exporter}${labels}}`]: values });
const CONSUMER = ',stream_name="orders",consumer_name="mailer"';

export const CASES: readonly AlertCase[] = [
  {
    alert: "NatsDown",
    firing: {
      series: {
        [`up{${exporter}}`]: "1x9",
        ...nats("gnatsd_varz_mem", "100x9"),
        ...nats("jetstream_server_max_storage", "100x3 stale"),
      },
      at: "6m",
      labels: target,
      description: "The exporter has had no figures of the server for a minute (the value is 0). Events stand still.",
    },
    quiet: {
      series: { [`up{${exporter}}`]: "1x3 0x9", ...nats("jetstream_server_max_storage", "100x3 stale") },
      at: "8m",
    },
  },
  downCase("NatsExporterDown", "nats-exporter", "nats-exporter:7777", "nats"),
  {
    alert: "NatsStorageNearLimit",
    firing: {
      series: {
        ...nats("jetstream_server_total_message_bytes", "90x20"),
        ...nats("jetstream_server_max_storage", "100x20"),
      },
      at: "15m",
      labels: target,
      description: "90% of what streams may store are used; above it publishing fails.",
    },
    quiet: {
      series: {
        ...nats("jetstream_server_total_message_bytes", "80x20"),
        ...nats("jetstream_server_max_storage", "100x20"),
      },
      at: "15m",
    },
  },
  {
    alert: "NatsSlowConsumers",
    firing: {
      series: nats("gnatsd_varz_slow_consumers", "0x10 3x20"),
      at: "15m",
      labels: target,
      description: "3 clients were cut off within 15 minutes; what was not stored in a stream is lost to them.",
    },
    quiet: { series: nats("gnatsd_varz_slow_consumers", "3x30"), at: "20m" },
  },
  {
    alert: "NatsConsumerBacklog",
    firing: {
      series: nats("jetstream_consumer_num_pending", "0+100x60", CONSUMER),
      at: "40m",
      labels: { ...target, stream_name: "orders", consumer_name: "mailer" },
      description: "4k events of stream orders wait for consumer mailer, and they grow more.",
    },
    quiet: { series: nats("jetstream_consumer_num_pending", "5000-10x60", CONSUMER), at: "40m" },
  },
];
