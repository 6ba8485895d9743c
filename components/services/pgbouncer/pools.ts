import type { z } from "zod";
import type { DatabaseRequest } from "../postgres/roles.ts";
import type { pgbouncer } from "./settings.ts";

/** An update starts a replica before it stops one. */
const SURGE = 1;

/** The requests with PgBouncer before those that may pool: what they asked for is what their clients hold, the server sees less. */
export function withPools(
  requests: readonly DatabaseRequest[],
  { enabled, pool, replicas, direct }: Pick<z.output<typeof pgbouncer>, "enabled" | "pool" | "replicas" | "direct">,
): readonly DatabaseRequest[] {
  if (!enabled) return requests;
  return requests.map((request) => {
    if (request.mayPool !== true) return request;
    const { connectionLimit: clients } = request;
    const size = Math.min(pool, clients);
    return {
      ...request,
      connectionLimit: size * (replicas + SURGE) + direct,
      limitedBy: "pgbouncer.pool",
      pooled: { clients, size },
    };
  });
}
