import type { z } from "zod";
import { ModelError } from "../../model/errors.ts";
import { connectionsOf, type DatabaseRequest } from "./roles.ts";
import type { postgres } from "./settings.ts";

/** Connections that PostgreSQL keeps for administrators (superuser_reserved_connections). */
const RESERVED_CONNECTIONS = 3;

/**
 * Refuses a server that takes fewer connections than its roles may hold: the
 * role that comes last would find none left, though it kept to its limit. A
 * managed server is asked itself.
 * @throws ModelError that says who may hold how many
 */
export function refuseTooFewConnections(
  { mode, maxConnections }: Pick<z.output<typeof postgres>, "mode" | "maxConnections">,
  requests: readonly DatabaseRequest[],
): void {
  const { sum, each } = connectionsOf(requests);
  if (mode === "external" || sum + RESERVED_CONNECTIONS <= maxConnections) return;
  throw new ModelError({
    got: `apprun:postgres.maxConnections: got ${maxConnections}`,
    allowed: `${sum + RESERVED_CONNECTIONS} or more: ${each}, and ${RESERVED_CONNECTIONS} for administrators`,
    fix: "raise it, or lower apprun:app.dbMaxConnections",
  });
}
