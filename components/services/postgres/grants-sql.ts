import { PUBLIC, schemaGrants, tableGrants, type Granted } from "./granted.ts";
import type { RoleSpec } from "./roles.ts";

/** SQL, by database, of what is granted inside of it; psql connects to one after the other. */
export function databaseGrantsSql(roles: readonly RoleSpec[]): string[] {
  return roles.flatMap((owner) =>
    owner.databases.flatMap((database) => [
      `\\connect "${database}"`,
      ...schemaGrants(owner, database).map(grantSql),
      ...(owner.extensions ?? []).map((extension) => `CREATE EXTENSION IF NOT EXISTS "${extension}" SCHEMA public;`),
      ...tableGrants(owner, database, roles).map(grantSql),
    ]),
  );
}

/** What there is to have of each. */
const ALL: Readonly<Record<"database" | "schema", readonly string[]>> = {
  database: ["CREATE", "CONNECT", "TEMPORARY"],
  schema: ["CREATE", "USAGE"],
};

/** One statement, for a connection to its database. */
export function grantSql({ database, owner, on, to, privileges }: Granted): string {
  const object = { database: `DATABASE "${database}"`, schema: "SCHEMA public", tables: "ALL TABLES IN SCHEMA public" };
  if (on === "tables to come")
    return `ALTER DEFAULT PRIVILEGES FOR ROLE "${owner}" IN SCHEMA public GRANT ${privileges.join(", ")} ON TABLES TO "${to}";`;
  if (to !== PUBLIC || on === "tables") return `GRANT ${privileges.join(", ")} ON ${object[on]} TO "${to}";`;
  // Everybody has much of it to begin with.
  const lacking = ALL[on].filter((privilege) => !privileges.includes(privilege));
  return `REVOKE ${lacking.length === ALL[on].length ? "ALL" : lacking.join(", ")} ON ${object[on]} FROM PUBLIC;`;
}
