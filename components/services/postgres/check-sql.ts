import { phrase } from "../../model/problem.ts";
import { complaintSql } from "./complaint-sql.ts";
import { namedDatabasesSql } from "./named-database-sql.ts";
import { connectionsOf, type DatabaseRequest } from "./roles.ts";
import { mark } from "./sql.ts";

export interface ServerNeeds {
  /** The stack's name with its project's, which marks its roles. */
  readonly stack: string;
  readonly databases: readonly DatabaseRequest[];
  /** Majors that the server may have. */
  readonly majors: readonly string[];
  /** Whether connections must be encrypted. */
  readonly encrypted: boolean;
}

/** SQL that yields one line for each thing that a server lacks, and nothing for one that has it all. Changes nothing. */
export function serverProblemsSql({ stack, databases: roles, majors, encrypted }: ServerNeeds): string {
  const major = "current_setting('server_version_num')::int / 10000";
  const problems = [
    problem(
      `${major} NOT IN (${majors.join(", ")})`,
      `'${phrase({
        got: "version: got ' || current_setting('server_version') || '",
        allowed: majors.join(", "),
        fix: "upgrade the server, or for a newer one set apprun:images.pins.postgres.tag",
      })}'`,
    ),
    ...["CREATEROLE", "CREATEDB"].map((right) =>
      problem(
        `(SELECT NOT rolsuper AND NOT rol${right.toLowerCase()} FROM pg_roles WHERE rolname = current_user)`,
        complaintSql(
          { happened: `rights: role %I lacks ${right}`, fix: `run as the server's owner: ALTER ROLE %I ${right}` },
          "current_user",
          "current_user",
        ),
      ),
    ),
    connections(roles),
    ...(encrypted
      ? [
          problem(
            "NOT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false)",
            complaintSql({
              got: "encryption: the server sees this connection in the clear",
              allowed: "TLS up to the server",
              fix: "name the server itself as apprun:postgres.external.host",
            }),
          ),
        ]
      : []),
    ...roles.flatMap(({ role }) => foreignRole(role, stack)),
    ...roles.flatMap(({ databases }) => databases).map((database) => foreignDatabase(database, roles)),
    ...roles.flatMap(({ role, memberOf = [] }) =>
      memberOf.filter((group) => group.startsWith("pg_")).map((group) => grantable(group, role)),
    ),
    ...[...new Set(roles.flatMap(({ extensions = [] }) => extensions))].map(extension),
  ];
  return `${problems.join("\nUNION ALL ")};\n${namedDatabasesSql(roles)}`;
}

function problem(condition: string, message: string): string {
  return `SELECT ${message} WHERE ${condition}`;
}

function connections(roles: readonly DatabaseRequest[]): string {
  const { sum: needed, each, fewer } = connectionsOf(roles);
  const free = "current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int";
  return problem(
    `${free} < ${needed}`,
    complaintSql(
      {
        got: "connections: got %s for all roles",
        allowed: `${needed} or more (${each})`,
        fix: `raise max_connections, ${fewer}`,
      },
      free,
    ),
  );
}

/** Roles and databases of these names that somebody else has. */
function foreignRole(role: string, stack: string): readonly string[] {
  const found = `FROM pg_roles WHERE rolname = '${role}'`;
  return [
    problem(
      `(SELECT shobj_description(oid, 'pg_authid') ${found}) LIKE '${mark("")}%' AND (SELECT shobj_description(oid, 'pg_authid') ${found}) <> '${mark(stack)}'`,
      complaintSql(
        {
          got: "role %I: it belongs to %s",
          allowed: "one stack a server",
          fix: "take another server, or once that stack is gone run: COMMENT ON ROLE %I IS NULL",
        },
        `'${role}'`,
        `(SELECT shobj_description(oid, 'pg_authid') ${found})`,
        `'${role}'`,
      ),
    ),
    problem(
      `(SELECT NOT pg_has_role(current_user, oid, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'USAGE' ELSE 'MEMBER WITH ADMIN OPTION' END) ${found}) AND (current_setting('server_version_num')::int >= 160000 OR NOT (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user))`,
      complaintSql(
        {
          happened: "role %I: it is there and role %I does not administer it",
          fix: "run as the server's owner: GRANT %I TO %I WITH ADMIN OPTION",
        },
        `'${role}'`,
        "current_user",
        `'${role}'`,
        "current_user",
      ),
    ),
  ];
}

function foreignDatabase(database: string, roles: readonly DatabaseRequest[]): string {
  const own = roles.map(({ role }) => `'${role}'`).join(", ");
  return problem(
    `EXISTS (SELECT FROM pg_database WHERE datname = '${database}' AND pg_get_userbyid(datdba) NOT IN (${own}) AND NOT pg_has_role(current_user, datdba, 'MEMBER'))`,
    complaintSql(
      {
        got: "database %I: it is there and belongs to %s",
        allowed: "none, or one that role %I may give away",
        fix: "rename it or change its owner",
      },
      `'${database}'`,
      `(SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '${database}')`,
      "current_user",
    ),
  );
}

/** From 16 on only who administers a predefined role may give it away. */
function grantable(group: string, role: string): string {
  return problem(
    `current_setting('server_version_num')::int >= 160000 AND NOT pg_has_role(current_user, '${group}', 'MEMBER WITH ADMIN OPTION')`,
    complaintSql(
      {
        happened: `rights: role %I may not give ${group} to ${role}`,
        fix: `run as the server's owner: GRANT ${group} TO %I WITH ADMIN OPTION, or leave out what needs ${role}`,
      },
      "current_user",
      "current_user",
    ),
  );
}

function extension(name: string): string {
  return problem(
    `NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = '${name}')`,
    complaintSql({
      happened: `extension ${name}: the server does not have it`,
      fix: "install it there or remove it from apprun:postgres.extensions",
    }),
  );
}
