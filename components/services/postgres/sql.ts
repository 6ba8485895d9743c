import { all, type Output } from "@pulumi/pulumi";
import { phrase, type Problem } from "../../model/problem.ts";
import { guestGrants, ownGrants } from "./granted.ts";
import { databaseGrantsSql, grantSql } from "./grants-sql.ts";
import { roleSettings } from "./role-settings.ts";
import type { RoleSpec } from "./roles.ts";

/**
 * SQL that makes roles and databases what they should be, whatever was there:
 * each role owns its databases, and nobody else may do more there than is asked
 * for. A role of the same stack that nobody asks for any more cannot log in.
 * It is for psql, one statement after the other, because concurrent grants fail,
 * and safe to run again. It holds no secret: psql reads `passwordLines` and
 * sends what the server stores of each, so that no statement and no log of the
 * server has a password. `stack` marks the roles as this stack's.
 */
export function provisioningSql(stack: string, roles: readonly RoleSpec[]): string {
  return [
    extensionsAvailableSql(roles),
    setAsideSql(roles),
    ...roles.flatMap((spec) => [...roleSql(stack, spec), ...databasesSql(spec)]),
    ...roles.flatMap((spec) => membershipSql(spec, roles)),
    ...databaseGrantsSql(roles),
    ...retiredSql(stack, roles),
    "",
  ].join("\n");
}

/** What psql asks for, in the order of the roles: each password, and again to be sure. */
export function passwordLines(roles: readonly RoleSpec[]): Output<string> {
  return all(roles.flatMap(({ password }) => password ?? [])).apply((passwords) =>
    passwords.map((password) => `${password}\n${password}\n`).join(""),
  );
}

const UNAVAILABLE: Problem = {
  got: "apprun:postgres.extensions: the server has no %",
  allowed: "extensions of pg_available_extensions",
  fix: "remove them or install them on the server",
};

const SET_ASIDE: Problem = {
  got: "database %: a restore that was interrupted has set it aside",
  allowed: "one that is in its place",
  fix: "put it back with: npm run restore -- --undo",
};

/** Fails where a restore left a database aside (see restore.sh): an empty one in its place would be taken for the data. */
function setAsideSql(roles: readonly RoleSpec[]): string {
  const wanted = roles.flatMap(({ databases }) => databases).map((name) => `('${name}')`);
  if (wanted.length === 0) return "";
  return [
    "DO $$ DECLARE aside text; BEGIN",
    `SELECT string_agg(name, ', ') INTO aside FROM (VALUES ${wanted.join(", ")}) AS wanted (name) WHERE name NOT IN (SELECT datname FROM pg_database) AND name || '__before' IN (SELECT datname FROM pg_database);`,
    `IF aside IS NOT NULL THEN RAISE EXCEPTION '${phrase(SET_ASIDE)}', aside; END IF;`,
    "END $$;",
  ].join(" ");
}

/** Fails with every extension that the server does not have, before anything is made. */
function extensionsAvailableSql(roles: readonly RoleSpec[]): string {
  const wanted = [...new Set(roles.flatMap(({ extensions = [] }) => extensions))].sort().join(",");
  return [
    "DO $$ DECLARE missing text; BEGIN",
    `  SELECT string_agg(name, ', ') INTO missing FROM unnest(string_to_array('${wanted}', ',')) AS name WHERE name NOT IN (SELECT name FROM pg_available_extensions);`,
    `  IF missing IS NOT NULL THEN RAISE EXCEPTION '${phrase(UNAVAILABLE)}', missing; END IF;`,
    "END $$;",
  ].join("\n");
}

function roleSql(stack: string, spec: RoleSpec): string[] {
  const { role, password, connectionLimit, inherits = true, readsEverything = false, replicates = false } = spec;
  const may = (right: string, allowed: boolean) => `${allowed ? "" : "NO"}${right}`;
  return [
    `SELECT 'CREATE ROLE ${quoted(role)}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') \\gexec`,
    // Attributes that only a superuser may name are left out where they are as they should be: a managed server's admin is none.
    `SELECT 'ALTER ROLE ${quoted(role)} NOSUPERUSER ${may("REPLICATION", replicates)} ${may("BYPASSRLS", readsEverything)}' FROM pg_roles WHERE rolname = '${role}' AND (rolsuper OR rolreplication IS DISTINCT FROM ${replicates} OR rolbypassrls IS DISTINCT FROM ${readsEverything}) \\gexec`,
    `ALTER ROLE ${quoted(role)} WITH ${may("LOGIN", password !== undefined)} ${may("INHERIT", inherits)} NOCREATEDB NOCREATEROLE CONNECTION LIMIT ${connectionLimit};`,
    passwordSql(spec),
    markSql(stack, spec),
    `ALTER ROLE ${quoted(role)} RESET ALL;`,
    ...roleSettings(spec).map(([name, value]) => `ALTER ROLE ${quoted(role)} SET ${name} = '${value}';`),
  ];
}

/** psql asks for it, and sends what the server stores of it. */
export function passwordSql({ role, password }: RoleSpec): string {
  return password === undefined ? `ALTER ROLE ${quoted(role)} PASSWORD NULL;` : `\\password ${quoted(role)}`;
}

export function markSql(stack: string, { role }: RoleSpec): string {
  return `COMMENT ON ROLE ${quoted(role)} IS '${mark(stack)}';`;
}

function databasesSql(spec: RoleSpec): string[] {
  const { role, databases } = spec;
  return databases.flatMap((database) => [
    // A managed server's admin is no superuser and may only give a database to a role it is a member of.
    `GRANT ${quoted(role)} TO CURRENT_USER;`,
    `SELECT 'CREATE DATABASE ${quoted(database)} OWNER ${quoted(role)}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${database}') \\gexec`,
    `ALTER DATABASE ${quoted(database)} OWNER TO ${quoted(role)};`,
    ...ownGrants(spec, database).map(grantSql),
  ]);
}

function membershipSql(spec: RoleSpec, roles: readonly RoleSpec[]): string[] {
  const { role, memberOf = [], endsSegments = false } = spec;
  return [
    ...memberOf.map((group) => `GRANT ${quoted(group)} TO ${quoted(role)};`),
    ...(endsSegments ? [`GRANT EXECUTE ON FUNCTION pg_switch_wal() TO ${quoted(role)};`] : []),
    ...guestGrants(spec, roles).map(grantSql),
  ];
}

/** The comment of a stack's roles: whoever finds one on a shared server sees whose it is. */
export function mark(stack: string): string {
  return `apprun stack ${stack}`;
}

/** Takes the login from roles of this stack that nobody asks for, and ends what is still connected. */
export function retiredSql(stack: string, roles: readonly RoleSpec[]): string[] {
  const kept = roles.map(({ role }) => `'${role}'`).join(", ");
  const retired = `FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = '${mark(stack)}' AND rolname NOT IN (${kept})`;
  return [
    `SELECT format('ALTER ROLE %I NOLOGIN PASSWORD NULL', rolname) ${retired} \\gexec`,
    `DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN (SELECT rolname ${retired}) AND pg_has_role(usesysid, 'MEMBER'); END $$;`,
  ];
}

export function quoted(identifier: string): string {
  return `"${identifier}"`;
}
