import type { Settings } from "../../stack/settings.ts";
import { ModelError } from "../../model/errors.ts";
import { connectionsOf, type DatabaseRequest } from "./roles.ts";

/** Connections that PostgreSQL keeps for administrators (superuser_reserved_connections). */
const RESERVED_CONNECTIONS = 3;

/**
 * Refuses a server that takes fewer connections than its roles may hold: the
 * role that comes last would find none left, though it kept to its limit. A
 * managed server is asked itself.
 * @throws ModelError that says who may hold how many
 */
export function refuseTooFewConnections({ postgres }: Pick<Settings, "postgres">, requests: readonly DatabaseRequest[]): void {
  const { sum, each } = connectionsOf(requests);
  if (postgres.mode === "external" || sum + RESERVED_CONNECTIONS <= postgres.maxConnections) return;
  throw new ModelError({
    got: `apprun:postgres.maxConnections: got ${postgres.maxConnections}`,
    allowed: `${sum + RESERVED_CONNECTIONS} or more: ${each}, and ${RESERVED_CONNECTIONS} for administrators`,
    fix: "raise it, or lower apprun:app.dbMaxConnections",
  });
}
