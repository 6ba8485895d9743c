import { address, fact } from "../kit/fact.ts";
import type { Link } from "../kit/link.ts";
import type { Temporal } from "./temporal.ts";

/** What the app is told of workflows: the address twice, as the reference deployment names it. */
export function temporalLink({ frontend, namespace, ready }: Pick<Temporal, "frontend" | "namespace" | "ready">): Link {
  return {
    facts: { "workflows.address": address(frontend.address), "workflows.namespace": fact(namespace) },
    environment: { TEMPORAL_HOST: frontend.address, WATERFLOW_URL: `http://${frontend.address}` },
    connectsTo: [frontend],
    dependsOn: [ready],
  };
}
