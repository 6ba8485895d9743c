import { all, type Output } from "@pulumi/pulumi";

/** A role and the databases that it owns. */
export interface RoleSpec {
  readonly role: string;
  readonly databases: readonly string[];
  readonly password: Output<string>;
  /** Connections that the role may hold at once. */
  readonly connectionLimit: number;
  /** Predefined roles that it is a member of, such as `pg_read_all_data`; such a role may connect to every database. @default [] */
  readonly memberOf?: readonly string[] | undefined;
  /** Whether row security does not hold it back and large objects are open to it: a dump must be whole. @default false */
  readonly readsEverything?: boolean | undefined;
  /** Whether it may take base backups and end a segment of the write-ahead log. @default false */
  readonly replicates?: boolean | undefined;
}

/**
 * SQL that makes roles and databases what they should be, whatever was there:
 * each role owns its databases, nobody else may connect to them. It is for
 * psql, and safe to run again.
 */
export function provisioningSql(roles: readonly RoleSpec[]): Output<string> {
  return all(roles.map(({ password }) => password)).apply((passwords) =>
    [
      // The statements hold passwords: a server that logs statements or errors must not log these.
      "SET log_statement = 'none';",
      "SET log_min_error_statement = 'panic';",
      "SET log_min_duration_statement = -1;",
      ...roles.flatMap((spec, index) => roleSql(spec, passwords[index] ?? "")),
      ...roles.flatMap((spec) => membershipSql(spec, roles)),
      ...roles.flatMap(replicationSql),
      "",
    ].join("\n"),
  );
}

function roleSql({ role, databases, connectionLimit, readsEverything = false }: RoleSpec, password: string): string[] {
  return [
    `SELECT 'CREATE ROLE ${quoted(role)}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') \\gexec`,
    `ALTER ROLE ${quoted(role)} WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION ${readsEverything ? "" : "NO"}BYPASSRLS CONNECTION LIMIT ${connectionLimit} PASSWORD '${password}';`,
    ...databases.flatMap((database) => [
      // A managed server's admin is no superuser and may only give a database to a role it is a member of.
      `GRANT ${quoted(role)} TO CURRENT_USER;`,
      `SELECT 'CREATE DATABASE ${quoted(database)} OWNER ${quoted(role)}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${database}') \\gexec`,
      `ALTER DATABASE ${quoted(database)} OWNER TO ${quoted(role)};`,
      `REVOKE ALL ON DATABASE ${quoted(database)} FROM PUBLIC;`,
      `GRANT ALL ON DATABASE ${quoted(database)} TO ${quoted(role)};`,
    ]),
  ];
}

function membershipSql({ role, memberOf = [], readsEverything = false }: RoleSpec, roles: readonly RoleSpec[]): string[] {
  if (memberOf.length === 0) return [];
  return [
    ...memberOf.map((group) => `GRANT ${quoted(group)} TO ${quoted(role)};`),
    ...roles.flatMap(({ databases }) => databases).map((database) => `GRANT CONNECT ON DATABASE ${quoted(database)} TO ${quoted(role)};`),
    ...(readsEverything ? [`ALTER ROLE ${quoted(role)} SET lo_compat_privileges = on;`] : []),
  ];
}

function replicationSql({ role, replicates = false }: RoleSpec): string[] {
  return replicates ? [`ALTER ROLE ${quoted(role)} REPLICATION;`, `GRANT EXECUTE ON FUNCTION pg_switch_wal() TO ${quoted(role)};`] : [];
}

function quoted(identifier: string): string {
  return `"${identifier}"`;
}
