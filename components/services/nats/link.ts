import { address } from "../kit/fact.ts";
import type { Link } from "../kit/link.ts";
import type { Nats } from "./nats.ts";

/** What the app is told of events. */
export function natsLink({ endpoint, url, ready }: Pick<Nats, "endpoint" | "url" | "ready">): Link {
  return {
    facts: { "events.url": address(url) },
    environment: { PUBSUB_BACKEND: "nats" },
    secrets: { PUBSUB_NATS_URL: { file: "nats-url", content: url } },
    connectsTo: [endpoint],
    dependsOn: [ready],
  };
}
