import type { z } from "zod";
import { ModelError } from "../../model/errors.ts";
import { connectionsOf, type DatabaseRequest } from "./roles.ts";
import type { postgres } from "./settings.ts";

/** Connections that PostgreSQL keeps for administrators (superuser_reserved_connections). */
const RESERVED_CONNECTIONS = 3;
/** Another number restarts the server, so a role more must seldom change it. */
const STEP = 100;
const FEWEST = 200;

/**
 * Connections that the stack's own server takes: those of the settings, or as
 * many as its roles may hold, in steps. Fewer are refused: the role that comes
 * last would find none left, though it kept to its limit. A managed server is
 * asked itself.
 * @throws ModelError that says who may hold how many
 */
export function serverConnections(
  { mode, maxConnections }: Pick<z.output<typeof postgres>, "mode" | "maxConnections">,
  requests: readonly DatabaseRequest[],
): number {
  const { sum, each, fewer } = connectionsOf(requests);
  const needed = sum + RESERVED_CONNECTIONS;
  if (maxConnections === undefined) {
    // With those that no service uses now: one that is switched on must not restart the server.
    const all = connectionsOf(requests.map((request) => ({ ...request, idle: false }))).sum + RESERVED_CONNECTIONS;
    return Math.max(FEWEST, Math.ceil(all / STEP) * STEP);
  }
  if (mode === "external" || needed <= maxConnections) return maxConnections;
  throw new ModelError({
    got: `apprun:postgres.maxConnections: got ${maxConnections}`,
    allowed: `${needed} or more: ${each}, and ${RESERVED_CONNECTIONS} for administrators`,
    fix: `remove it, raise it, ${fewer}`,
  });
}
