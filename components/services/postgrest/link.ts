import type { Endpoint, Ready } from "../../model/workload.ts";
import { address, publicAddress } from "../kit/fact.ts";
import type { Link } from "../kit/link.ts";
import { API_PORT, DATA_PATH } from "./index.ts";

/** The name of the workload. */
export const POSTGREST = "postgrest";

/** It as those see it that start before it, because it waits for them. The platform gives the same once it is there. */
function postgrestEndpoint(isRouted: boolean): Endpoint<"app"> {
  return {
    workload: POSTGREST,
    tier: "app",
    portName: "http",
    exposure: isRouted ? "proxied" : "internal",
    host: POSTGREST,
    port: API_PORT,
    address: `${POSTGREST}:${API_PORT}`,
    zone: "backend",
    memberOf: ["backend"],
    replicaHosts: [],
  };
}

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
  const endpoint = postgrestEndpoint(browsers !== undefined);
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
