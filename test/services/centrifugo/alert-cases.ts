import type { AlertCase, Series } from "../alert-case.ts";

const target = { job: "centrifugo", instance: "centrifugo:9000" };

/** A series of one replica. */
function replica(metric: string, values: string, more: Readonly<Record<string, string>> = {}): Series {
  const labels = Object.entries({ ...target, service: "centrifugo", ...more }).map(
    ([label, value]) => `${label}="${value}"`,
  );
  return { [`${metric}{${labels.join(",")}}`]: values };
}
const centrifugo = (metric: string, values: string, more?: Readonly<Record<string, string>>) =>
  replica(`centrifugo_${metric}`, values, more);

export const CASES: readonly AlertCase[] = [
  {
    alert: "CentrifugoDown",
    firing: {
      series: replica("up", "1x3 0x5"),
      at: "6m",
      labels: target,
      description: "centrifugo:9000 has not answered Prometheus for a minute (up is 0).",
    },
    quiet: { series: replica("up", "1x3 0 1x5"), at: "4m" },
  },
  {
    alert: "CentrifugoNodesApart",
    firing: {
      series: centrifugo("node_num_nodes", "2x5 1x10"),
      at: "12m",
      labels: target,
      description:
        "centrifugo:9000 counts 1 replicas, itself among them, where the stack has 2: messages may not reach the clients of all.",
    },
    // A replica that was replaced is known for a minute more.
    quiet: { series: centrifugo("node_num_nodes", "2x5 3x3 2x10"), at: "12m" },
  },
  {
    alert: "CentrifugoCacheErrors",
    interval: "30s",
    firing: {
      series: centrifugo("broker_redis_pub_sub_errors", "_x4 1+5x20", { broker_name: "", error: "control_connection" }),
      at: "10m",
      labels: target,
      description: "centrifugo:9000 had 20 errors in two minutes, and they go on: its clients hear of nothing.",
    },
    // The cache was restarted.
    quiet: {
      series: centrifugo("broker_redis_pub_sub_errors", "_x4 1 6 6x20", {
        broker_name: "",
        error: "control_connection",
      }),
      at: "6m",
    },
  },
  {
    alert: "CentrifugoPublishFailing",
    firing: {
      series: centrifugo("api_command_errors_total", "0+2x20", { protocol: "http", method: "publish", error: "100" }),
      at: "15m",
      labels: target,
      description: "10 commands of the app failed inside centrifugo:9000 within 5 minutes.",
    },
    // The app named a namespace that there is not.
    quiet: {
      series: centrifugo("api_command_errors_total", "0+2x20", { protocol: "http", method: "publish", error: "102" }),
      at: "15m",
    },
  },
  {
    alert: "CentrifugoMessagesDropped",
    firing: {
      series: centrifugo("broker_redis_pub_sub_dropped_messages", "0x10 4x10", {
        broker_name: "",
        channel_type: "client",
      }),
      at: "12m",
      labels: target,
      description:
        "centrifugo:9000 dropped 4 messages within 5 minutes; clients get them when they come back, if the channel keeps them.",
    },
    quiet: {
      series: centrifugo("broker_redis_pub_sub_dropped_messages", "4x20", { broker_name: "", channel_type: "client" }),
      at: "12m",
    },
  },
  {
    alert: "CentrifugoSlowClients",
    firing: {
      series: centrifugo("client_num_server_disconnects", "0+60x30", { code: "3008" }),
      at: "20m",
      labels: target,
      description: "centrifugo:9000 cuts off 1 clients a second because they do not read what it sends.",
    },
    // Clients that went without a word.
    quiet: { series: centrifugo("client_num_server_disconnects", "0+60x30", { code: "3012" }), at: "20m" },
  },
  {
    alert: "CentrifugoConnectionsNearLimit",
    firing: {
      series: centrifugo("node_num_clients", "2684x10"),
      at: "8m",
      labels: target,
      description: "centrifugo:9000 has 100% of 2684 connections; above it clients are refused.",
    },
    quiet: { series: centrifugo("node_num_clients", "2200x10"), at: "8m" },
  },
];
