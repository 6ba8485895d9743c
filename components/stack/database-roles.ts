import { SERVICES } from "../services/catalogue.ts";
import { withPools } from "../services/pgbouncer/pools.ts";
import { withNames } from "../services/postgres/names.ts";
import type { DatabaseRequest } from "../services/postgres/roles.ts";
import type { Service } from "../services/service.ts";
import type { Settings } from "./settings.ts";

/**
 * Every role of the stack's PostgreSQL server and what it may do there, by the
 * names that the server has: those that own databases first, because others are
 * granted what is in these.
 */
export function databaseRoles(
  settings: Settings,
  services: readonly Service<Settings>[] = SERVICES,
): readonly DatabaseRequest[] {
  const all = services.flatMap(({ roles }) => roles?.(settings) ?? []);
  const owners = all.filter(({ databases }) => databases.length > 0);
  const users = all.filter(({ uses = [] }) => uses.length > 0);
  const rest = all.filter((request) => !owners.includes(request) && !users.includes(request));
  return withNames(withPools([...owners, ...rest, ...users], settings.pgbouncer), settings.postgres);
}
