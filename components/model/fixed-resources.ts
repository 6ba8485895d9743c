import type { Bytes } from "./units.ts";
import type { Resources } from "./workload.ts";

/** The client of Cloudflare's tunnel. */
export const TUNNEL_RESOURCES: Resources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "128Mi" },
};

/** How many clients a tunnel has: where there are several machines, one may end. */
export const TUNNEL_REPLICAS = { docker: 1, kubernetes: 2 } as const;

/** Volumes of a Docker host's proxy: its routes, bodies of requests until they are whole, and its certificates. */
export const PROXY_VOLUMES = { routes: "1Mi", bodies: "256Mi", tls: "1Mi" } as const satisfies Readonly<
  Record<string, Bytes>
>;
