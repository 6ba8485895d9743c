import type { Observability } from "../../model/observability.ts";
import type { Bytes } from "../../model/units.ts";
import { connectionLimit } from "./connections.ts";

/** Times of single commands by method and namespace, and the runtime: hundreds of series that nothing here reads. */
export const CENTRIFUGO_DROP =
  "go_.*|promhttp_.*|centrifugo_.*duration_seconds.*|centrifugo_(shared_poll|map_broker)_.*";

export interface CentrifugoObservabilityArgs {
  readonly replicas: number;
  /** The memory limit of a replica. */
  readonly memory: Bytes;
}

const CLIENTS = "centrifugo_node_num_clients";
const each = (expr: string) => `sum by (job, instance) (${expr})`;
const VALUE = "{{ $value | humanize }}";

export function centrifugoObservability({ replicas, memory }: CentrifugoObservabilityArgs): Observability {
  const limit = connectionLimit(memory);
  const connections = {
    title: "Centrifugo: connections",
    unit: "short",
    queries: [
      { expr: `sum(${CLIENTS})`, legend: "clients" },
      { expr: "sum(centrifugo_node_num_users)", legend: "users" },
    ],
  } as const;
  return {
    service: "centrifugo",
    alerts: [
      {
        name: "CentrifugoDown",
        expr: 'up{job="centrifugo"} == 0',
        for: "1m",
        severity: "critical",
        summary: "Centrifugo does not answer: clients hear of nothing",
        description: "{{ $labels.instance }} has not answered Prometheus for a minute (up is {{ $value }}).",
        mutes: ["TargetDown", "CentrifugoNodesApart"],
      },
      {
        name: "CentrifugoNodesApart",
        expr: `centrifugo_node_num_nodes != ${replicas}`,
        for: "5m",
        severity: "warning",
        summary: "Centrifugo's replicas do not know each other",
        description: `{{ $labels.instance }} counts {{ $value }} replicas, itself among them, where the stack has ${replicas}: messages may not reach the clients of all.`,
      },
      {
        name: "CentrifugoCacheErrors",
        expr: `${each("increase(centrifugo_broker_redis_pub_sub_errors[2m])")} > 0`,
        for: "3m",
        severity: "critical",
        summary: "Centrifugo cannot receive messages from the cache",
        description: `{{ $labels.instance }} had ${VALUE} errors in two minutes, and they go on: its clients hear of nothing.`,
        mutes: ["CentrifugoPublishFailing", "CentrifugoNodesApart"],
      },
      {
        name: "CentrifugoPublishFailing",
        // 100 is an error inside; other codes are about what the app asked for.
        expr: `${each('increase(centrifugo_api_command_errors_total{error="100"}[5m])')} > 0`,
        for: "5m",
        severity: "critical",
        summary: "Centrifugo takes no messages from the app",
        description: `${VALUE} commands of the app failed inside {{ $labels.instance }} within 5 minutes.`,
      },
      {
        name: "CentrifugoMessagesDropped",
        expr: `${each("increase(centrifugo_broker_redis_pub_sub_dropped_messages[5m])")} > 0`,
        severity: "warning",
        summary: "Centrifugo drops messages that it cannot keep up with",
        description: `{{ $labels.instance }} dropped ${VALUE} messages within 5 minutes; clients get them when they come back, if the channel keeps them.`,
      },
      {
        name: "CentrifugoSlowClients",
        expr: `${each('rate(centrifugo_client_num_server_disconnects{code="3008"}[5m])')} > 0.1`,
        for: "10m",
        severity: "warning",
        summary: "Centrifugo cuts off clients that do not keep up",
        description: `{{ $labels.instance }} cuts off ${VALUE} clients a second because they do not read what it sends.`,
      },
      {
        name: "CentrifugoConnectionsNearLimit",
        expr: `${CLIENTS} / ${limit} > 0.85`,
        for: "5m",
        severity: "warning",
        summary: "Centrifugo has almost as many connections as its memory allows",
        description: `{{ $labels.instance }} has {{ $value | humanizePercentage }} of ${limit} connections; above it clients are refused.`,
      },
    ],
    overview: [connections],
    dashboard: {
      uid: "apprun-centrifugo",
      title: "Centrifugo",
      panels: [
        connections,
        {
          title: "Connections of the fullest replica",
          kind: "stat",
          unit: "percentunit",
          description: `Of the ${limit} that its memory allows.`,
          queries: [{ expr: `max(${CLIENTS}) / ${limit}`, legend: "in use" }],
          redAbove: 0.85,
        },
        {
          title: "Channels and subscriptions",
          unit: "short",
          queries: [
            { expr: "sum(centrifugo_node_num_channels)", legend: "channels" },
            { expr: "sum(centrifugo_node_num_subscriptions)", legend: "subscriptions" },
          ],
        },
        {
          title: "Messages per second",
          unit: "ops",
          queries: [
            { expr: 'sum(rate(centrifugo_node_messages_sent_count{type="publication"}[5m]))', legend: "published" },
            { expr: "sum(rate(centrifugo_transport_messages_sent[5m]))", legend: "frames to clients" },
          ],
        },
        {
          title: "Time from publishing to the replicas",
          unit: "s",
          queries: [
            {
              expr: "histogram_quantile(0.95, sum by (le) (rate(centrifugo_node_pub_sub_lag_seconds_bucket[5m])))",
              legend: "95 %",
            },
          ],
        },
        {
          title: "Clients that came back per second",
          unit: "ops",
          description: "Whether the channel still had what they missed. Those without it must ask the app.",
          queries: [
            { expr: "sum by (recovered) (rate(centrifugo_client_recover[5m]))", legend: "recovered: {{recovered}}" },
          ],
        },
        {
          title: "Disconnects by the server per second",
          unit: "ops",
          description: "3001 at a stop, 3008 slow, 3012 gone without a word; the codes of 3500 and above are refusals.",
          queries: [{ expr: "sum by (code) (rate(centrifugo_client_num_server_disconnects[5m]))", legend: "{{code}}" }],
        },
        {
          title: "Memory of the process",
          unit: "bytes",
          queries: [{ expr: 'process_resident_memory_bytes{job="centrifugo"}', legend: "{{instance}}" }],
        },
      ],
    },
  };
}
