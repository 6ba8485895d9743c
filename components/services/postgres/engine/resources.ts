import * as postgresql from "@pulumi/postgresql";
import type { ComponentResource, CustomResourceOptions, Input, Resource } from "@pulumi/pulumi";
import type { DatabaseServer } from "../database.ts";
import { grantsOf, type Granted } from "../granted.ts";
import type { DatabaseAdmin } from "../psql-job.ts";
import type { RoleSpec } from "../roles.ts";
import { defaultPrivilegesArgs, grantArgs, roleArgs } from "./arguments.ts";
import { postgresqlProvider } from "./provider.ts";

/** Stands for all names in what is adopted. */
export const EVERYTHING = "*";

export interface EngineResourcesArgs {
  readonly server: DatabaseServer;
  readonly admin: DatabaseAdmin;
  readonly roles: readonly RoleSpec[];
  /** What the stack calls roles and databases that are there and not in its state. */
  readonly adopt: readonly string[];
  readonly protectData: boolean;
  readonly dependsOn: readonly Input<Resource>[];
}

/**
 * The description of a server as resources of the engine's provider, so that a
 * preview shows what happens to each and a refresh what somebody changed. They
 * come one after the other: of grants that change one object at a time
 * PostgreSQL refuses all but one ("tuple concurrently updated").
 * @returns the last of them
 */
export function engineResources(name: string, args: EngineResourcesArgs, parent: ComponentResource): Input<Resource> {
  const { server, admin, roles } = args;
  const provider = postgresqlProvider(name, server, admin, parent);
  const known = knownNames(roles);
  let last = args.dependsOn;
  const chain = (make: (options: CustomResourceOptions) => Resource) => {
    last = [make({ parent, provider, dependsOn: [...last] })];
  };
  const adopted = (label: string, id: string) =>
    args.adopt.some((each) => each === EVERYTHING || each === label) ? { import: id } : {};

  for (const spec of roles) {
    const label = known(spec.role);
    chain(
      (options) =>
        new postgresql.Role(`${name}-role-${label}`, roleArgs(spec), { ...options, ...adopted(label, spec.role) }),
    );
  }
  for (const { role, databases } of roles) {
    // A managed server's administrator is no superuser and may only give a database to a role it is a member of.
    if (databases.length > 0)
      chain(
        (options) =>
          new postgresql.GrantRole(
            `${name}-administers-${known(role)}`,
            { role: admin.user, grantRole: role },
            // From 16 on whoever makes a role has a membership with this option, and the provider may read that one.
            { ...options, ignoreChanges: ["withAdminOption"], retainOnDelete: true },
          ),
      );
    for (const database of databases) {
      const label = known(database);
      chain(
        (options) =>
          new postgresql.Database(
            `${name}-database-${label}`,
            { name: database, owner: role },
            { ...options, ...adopted(label, database), protect: args.protectData, retainOnDelete: true },
          ),
      );
    }
  }
  for (const { databases, extensions = [] } of roles)
    for (const database of databases)
      for (const extension of extensions)
        chain(
          (options) =>
            new postgresql.Extension(
              `${name}-extension-${known(database)}-${extension}`,
              { name: extension, database, schema: "public" },
              // Columns may need one that is no longer named.
              { ...options, retainOnDelete: true },
            ),
        );
  for (const granted of grantsOf(roles)) chain((options) => grantResource(name, granted, known, options));
  return last[0] ?? parent;
}

function grantResource(
  name: string,
  granted: Granted,
  known: (label: string) => string,
  options: CustomResourceOptions,
): Resource {
  const label = `${name}-${granted.on.replaceAll(" ", "-")}-${known(granted.database)}-${known(granted.to)}`;
  // Nothing is revoked by itself: who owns a database that stays goes on using it, and a job that takes over has granted the same before.
  const stays = { ...options, retainOnDelete: true };
  return granted.on === "tables to come"
    ? new postgresql.DefaultPrivileges(label, defaultPrivilegesArgs(granted), stays)
    : new postgresql.Grant(label, grantArgs(granted), stays);
}

/** The stack's own name of a role or database: a resource keeps its name whatever the server calls it. */
function knownNames(roles: readonly RoleSpec[]): (name: string) => string {
  const names = new Map(
    roles.flatMap(({ role, databases, known }) => [
      ...(known?.role === undefined ? [] : [[role, known.role] as const]),
      ...databases.map((database, index) => [database, known?.databases[index] ?? database] as const),
    ]),
  );
  return (name) => names.get(name) ?? name;
}
