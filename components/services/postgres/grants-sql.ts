import type { RoleSpec } from "./roles.ts";

/** SQL, by database, of what is granted inside of it; psql connects to one after the other. */
export function databaseGrantsSql(roles: readonly RoleSpec[]): string[] {
  return roles.flatMap((owner) =>
    owner.databases.flatMap((database) => [
      `\\connect "${database}"`,
      // Servers before 15, and what was upgraded from one, let everybody make tables there.
      "REVOKE CREATE ON SCHEMA public FROM PUBLIC;",
      `GRANT ALL ON SCHEMA public TO "${owner.role}";`,
      ...(owner.extensions ?? []).map((extension) => `CREATE EXTENSION IF NOT EXISTS "${extension}" SCHEMA public;`),
      ...roles
        .filter(({ reads = [] }) => reads.includes(database))
        .flatMap((reader) => readerSql(reader.role, owner.role)),
      ...roles
        .filter(({ uses = [] }) => uses.includes(database))
        .map(({ role }) => `GRANT USAGE ON SCHEMA public TO "${role}";`),
    ]),
  );
}

/** Tables of today, and by the owner's default privileges those of tomorrow. */
function readerSql(reader: string, owner: string): string[] {
  return [
    `GRANT USAGE ON SCHEMA public TO "${reader}";`,
    `GRANT SELECT ON ALL TABLES IN SCHEMA public TO "${reader}";`,
    `ALTER DEFAULT PRIVILEGES FOR ROLE "${owner}" IN SCHEMA public GRANT SELECT ON TABLES TO "${reader}";`,
  ];
}
