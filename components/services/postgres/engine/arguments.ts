import type { DefaultPrivilegesArgs, GrantArgs, RoleArgs } from "@pulumi/postgresql";
import { PUBLIC, type Granted } from "../granted.ts";
import { roleSettings } from "../role-settings.ts";
import type { RoleSpec } from "../roles.ts";

/** Settings of a role that the provider knows; the others are the job's. */
const KNOWN_SETTINGS = ["statement_timeout", "idle_in_transaction_session_timeout", "role"];

/** Settings of a role that are left to the job. */
export function otherSettings(spec: RoleSpec): ReturnType<typeof roleSettings> {
  return roleSettings(spec).filter(([name]) => !KNOWN_SETTINGS.includes(name));
}

/**
 * Without a password, which the provider would send, log and keep as it is. The
 * role outlives the resource, as it outlives its mention in the settings: what
 * it owns or was granted elsewhere would hold it anyway.
 */
export function roleArgs(spec: RoleSpec): RoleArgs {
  const { role, password, connectionLimit, inherits = true, readsEverything = false, replicates = false } = spec;
  const settings = new Map(roleSettings(spec));
  const milliseconds = (name: string) => (settings.has(name) ? Number(settings.get(name)) : undefined);
  const statementTimeout = milliseconds("statement_timeout");
  const idleInTransactionSessionTimeout = milliseconds("idle_in_transaction_session_timeout");
  const assumeRole = settings.get("role");
  return {
    name: role,
    login: password !== undefined,
    inherit: inherits,
    connectionLimit,
    bypassRowLevelSecurity: readsEverything,
    replication: replicates,
    ...(statementTimeout !== undefined && { statementTimeout }),
    ...(idleInTransactionSessionTimeout !== undefined && { idleInTransactionSessionTimeout }),
    ...(assumeRole !== undefined && { assumeRole }),
    ...(spec.memberOf && { roles: [...spec.memberOf].sort() }),
    skipDropRole: true,
    skipReassignOwned: true,
  };
}

/** The provider's words for what is granted now. */
export function grantArgs({ database, on, to, privileges }: Granted): GrantArgs {
  const role = to === PUBLIC ? "public" : to;
  const all = { database, role, privileges: [...privileges] };
  if (on === "database") return { ...all, objectType: "database" };
  return { ...all, objectType: on === "schema" ? "schema" : "table", schema: "public" };
}

/** The same for what its owner will make. */
export function defaultPrivilegesArgs({ database, owner, to, privileges }: Granted): DefaultPrivilegesArgs {
  return { database, owner, role: to, schema: "public", objectType: "table", privileges: [...privileges] };
}
