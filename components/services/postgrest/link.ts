import type { Ready } from "../../model/workload.ts";
import { earlyEndpoint } from "../kit/early-endpoint.ts";
import { address, publicAddress } from "../kit/fact.ts";
import type { Link } from "../kit/link.ts";
import { API_PORT, DATA_PATH } from "./index.ts";

/** The name of the workload. */
export const POSTGREST = "postgrest";

/** Where browsers reach it, from the URL of the stack's domain. */
export function publicUrl(domainUrl: string): string {
  return new URL(DATA_PATH, domainUrl).href;
}

/** What the app and own services are told: where it is inside, and where browsers reach it if they do. */
export function postgrestLink({
  browsers,
  ready,
}: {
  /** @default - it has no route */
  readonly browsers?: string | undefined;
  /** @default - it is not waited for: its schema is the app's work, so it starts after the app */
  readonly ready?: Ready | undefined;
}): Link {
  const exposure = browsers === undefined ? "internal" : "proxied";
  const endpoint = earlyEndpoint(POSTGREST, API_PORT, { exposure });
  const inside = `http://${endpoint.address}`;
  return {
    facts: {
      "data.internalUrl": address(inside),
      ...(browsers !== undefined && { "data.publicUrl": publicAddress(browsers) }),
    },
    environment: { POSTGREST_URL: inside, ...(browsers !== undefined && { POSTGREST_PUBLIC_URL: browsers }) },
    connectsTo: [endpoint],
    ...(ready && { dependsOn: [ready] }),
  };
}
