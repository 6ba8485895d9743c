import { guestGrants, ownGrants } from "../granted.ts";
import { grantSql } from "../grants-sql.ts";
import type { RoleSpec } from "../roles.ts";
import { markSql, passwordSql, quoted, retiredSql } from "../sql.ts";
import { otherSettings } from "./arguments.ts";

/**
 * What the provider cannot bring to a server: passwords as the hashes that it
 * stores, the marks of a stack's roles, some settings of theirs, and the end of
 * a role that nobody asks for. And what is granted on a database itself: a
 * restore makes new databases, and then runs the jobs again.
 */
export function restSql(stack: string, roles: readonly RoleSpec[]): string {
  return [
    ...roles.flatMap((spec) => [passwordSql(spec), markSql(stack, spec), ...settingsSql(spec)]),
    ...roles.flatMap((spec) => spec.databases.flatMap((database) => ownGrants(spec, database).map(grantSql))),
    ...roles.flatMap((spec) => guestGrants(spec, roles).map(grantSql)),
    ...retiredSql(stack, roles),
    "",
  ].join("\n");
}

/** A role that no longer only reads must write again. Of other settings only a superuser could say that they are as they were. */
const READ_ONLY = "default_transaction_read_only";

function settingsSql(spec: RoleSpec): string[] {
  const settings = otherSettings(spec);
  const role = quoted(spec.role);
  return [
    ...settings.map(([name, value]) => `ALTER ROLE ${role} SET ${name} = '${value}';`),
    ...(settings.some(([name]) => name === READ_ONLY) ? [] : [`ALTER ROLE ${role} RESET ${READ_ONLY};`]),
  ];
}
