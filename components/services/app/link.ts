import { address } from "../kit/fact.ts";
import type { Link } from "../kit/link.ts";
import type { App } from "./app.ts";
import { keyFacts } from "./keys.ts";

/** What own services are told of the app. */
export function appLink({ http, ready, keys }: Pick<App, "http" | "ready" | "keys">): Link {
  return {
    facts: { "app.internalUrl": address(`http://${http.address}`), ...keyFacts(keys) },
    connectsTo: [http],
    dependsOn: [ready],
  };
}
