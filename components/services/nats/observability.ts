import type { Observability } from "../../model/observability.ts";
import { exporterDown } from "../kit/exporter.ts";

const STORED = "jetstream_server_total_message_bytes";
const ALLOWED = "jetstream_server_max_storage";
const STORAGE_USED = `${STORED} / (${ALLOWED} > 0)`;

export function natsObservability(): Observability {
  const storage = {
    title: "NATS: stored events",
    unit: "bytes",
    queries: [
      { expr: STORED, legend: "in streams" },
      { expr: ALLOWED, legend: "allowed on disk" },
    ],
  } as const;
  return {
    service: "nats",
    memory: { workload: "nats", used: "gnatsd_varz_mem" },
    alerts: [
      {
        name: "NatsDown",
        // While the server is away the exporter goes on answering, with its last figures of the server, but none of the streams.
        expr: '(up{job="nats-exporter"} == 1 unless on (job, instance) jetstream_server_max_storage) * 0',
        for: "1m",
        severity: "critical",
        summary: "NATS does not answer",
        description:
          "The exporter has had no figures of the server for a minute (the value is {{ $value }}). Events stand still.",
        mutesDependents: true,
      },
      exporterDown("NatsExporterDown", "nats-exporter", "NATS"),
      {
        name: "NatsStorageNearLimit",
        expr: `${STORAGE_USED} > 0.85`,
        for: "10m",
        severity: "warning",
        summary: "The streams of NATS are almost full",
        description: "{{ $value | humanizePercentage }} of what streams may store are used; above it publishing fails.",
      },
      {
        name: "NatsSlowConsumers",
        expr: "increase(gnatsd_varz_slow_consumers[15m]) > 0",
        severity: "warning",
        summary: "NATS cut off a client that does not keep up",
        description:
          "{{ $value | humanize }} clients were cut off within 15 minutes; what was not stored in a stream is lost to them.",
      },
      {
        name: "NatsConsumerBacklog",
        expr: "max by (job, instance, stream_name, consumer_name) (jetstream_consumer_num_pending) > 1000 and on (stream_name, consumer_name) max by (stream_name, consumer_name) (delta(jetstream_consumer_num_pending[15m])) > 0",
        for: "15m",
        severity: "warning",
        summary: "Events arrive faster than they are read",
        description:
          "{{ $value | humanize }} events of stream {{ $labels.stream_name }} wait for consumer {{ $labels.consumer_name }}, and they grow more.",
      },
    ],
    overview: [storage],
    dashboard: {
      uid: "apprun-nats",
      title: "NATS",
      panels: [
        storage,
        {
          title: "Messages per second",
          unit: "ops",
          queries: [
            { expr: "rate(gnatsd_varz_in_msgs[5m])", legend: "in" },
            { expr: "rate(gnatsd_varz_out_msgs[5m])", legend: "out" },
          ],
        },
        {
          title: "Streams and consumers",
          unit: "short",
          queries: [
            { expr: "jetstream_server_total_streams", legend: "streams" },
            { expr: "jetstream_server_total_consumers", legend: "consumers" },
          ],
        },
        {
          title: "Stored events",
          unit: "short",
          queries: [{ expr: "jetstream_server_total_messages", legend: "in streams" }],
        },
        {
          title: "Clients",
          unit: "short",
          queries: [
            { expr: "gnatsd_varz_connections", legend: "connected" },
            { expr: "gnatsd_varz_slow_consumers", legend: "cut off since the start" },
          ],
        },
        { title: "Memory of the process", unit: "bytes", queries: [{ expr: "gnatsd_varz_mem", legend: "in use" }] },
      ],
    },
  };
}
