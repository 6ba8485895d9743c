import { APP_DATABASE } from "../app/index.ts";
import type { DatabaseRequest } from "../postgres/roles.ts";
import { databaseOf, type OwnServiceFacts } from "./preset.ts";

/** What PostgreSQL calls its role and its database: a hyphen would need quotes in every statement. */
export function roleName(service: string): string {
  return service.replaceAll("-", "_");
}

/** Its role on the stack's server: with a database of its own, or as one that works on the app's as the app does. */
export function ownRole(name: string, service: OwnServiceFacts): DatabaseRequest | undefined {
  const database = databaseOf(service);
  if (database === undefined) return undefined;
  const role = {
    role: roleName(name),
    connectionLimit: database.connections,
    limitedBy: `services.${name}.database.connections`,
    mayPool: database.pooled && service.enabled,
    statementTimeout: database.statementTimeout,
    idleInTransactionTimeout: database.idleTransactionTimeout,
  };
  if (database.of === "itself")
    return { ...role, databases: [role.role], extensions: database.extensions, idle: !service.enabled };
  return {
    ...role,
    databases: [],
    uses: [APP_DATABASE.name],
    memberOf: [APP_DATABASE.role],
    actsAs: APP_DATABASE.role,
  };
}
