import type { RoleSpec } from "./roles.ts";

/** Everybody, in PostgreSQL's words. */
export const PUBLIC = "PUBLIC";

/** All that a role may do with one kind of object in a database. */
export interface Granted {
  readonly database: string;
  /** The role that owns the database. */
  readonly owner: string;
  /** The database itself, its schema public, and that schema's tables of today or of tomorrow. */
  readonly on: "database" | "schema" | "tables" | "tables to come";
  readonly to: string;
  readonly privileges: readonly string[];
}

/** What the owner of a database may do with it, and others may not. */
export function ownGrants({ role }: RoleSpec, database: string): readonly Granted[] {
  return [
    { database, owner: role, on: "database", to: PUBLIC, privileges: [] },
    { database, owner: role, on: "database", to: role, privileges: ["ALL"] },
  ];
}

/** The databases of others that a role connects to. */
export function guestGrants(guest: RoleSpec, roles: readonly RoleSpec[]): readonly Granted[] {
  const { role: to, readsEverything = false, reads = [], uses = [] } = guest;
  const databases = readsEverything ? roles.flatMap((other) => other.databases) : [...reads, ...uses];
  return databases.map((database) => ({
    database,
    owner: roles.find((each) => each.databases.includes(database))?.role ?? "",
    on: "database",
    to,
    privileges: ["CONNECT"],
  }));
}

/** Servers before 15, and what was upgraded from one, let everybody make tables in the schema. */
export function schemaGrants({ role }: RoleSpec, database: string): readonly Granted[] {
  return [
    { database, owner: role, on: "schema", to: PUBLIC, privileges: ["USAGE"] },
    { database, owner: role, on: "schema", to: role, privileges: ["ALL"] },
  ];
}

/** What others may do in the schema: readers see tables of today, and by the owner's default privileges those of tomorrow. */
export function tableGrants(
  { role: owner }: RoleSpec,
  database: string,
  roles: readonly RoleSpec[],
): readonly Granted[] {
  const of = { database, owner };
  const schema = (to: string): Granted => ({ ...of, on: "schema", to, privileges: ["USAGE"] });
  const readers = roles.filter(({ reads = [] }) => reads.includes(database));
  const users = roles.filter(({ uses = [] }) => uses.includes(database));
  return [
    ...readers.flatMap(({ role: to }): readonly Granted[] => [
      schema(to),
      { ...of, on: "tables", to, privileges: ["SELECT"] },
      { ...of, on: "tables to come", to, privileges: ["SELECT"] },
    ]),
    ...users.map(({ role: to }) => schema(to)),
  ];
}

/** Every privilege of a server, whoever brings it there. */
export function grantsOf(roles: readonly RoleSpec[]): readonly Granted[] {
  const each = (grants: (owner: RoleSpec, database: string) => readonly Granted[]) =>
    roles.flatMap((owner) => owner.databases.flatMap((database) => grants(owner, database)));
  return [
    ...each(ownGrants),
    ...roles.flatMap((guest) => guestGrants(guest, roles)),
    ...each((owner, database) => [...schemaGrants(owner, database), ...tableGrants(owner, database, roles)]),
  ];
}
