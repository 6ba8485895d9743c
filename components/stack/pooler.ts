import type { ComponentResource } from "@pulumi/pulumi";
import type { Pool } from "../services/pgbouncer/config.ts";
import { Pgbouncer } from "../services/pgbouncer/pgbouncer.ts";
import { databaseRoles } from "./database-roles.ts";
import type { StackDatabases } from "./databases.ts";
import type { Settings } from "./settings.ts";
import type { Shared } from "./shared.ts";

/** What stands before the databases of every role that pools. */
export function createPooler(
  settings: Settings,
  shared: Shared,
  databases: StackDatabases,
  parent: ComponentResource,
): Pgbouncer | undefined {
  return settings.pgbouncer.enabled
    ? new Pgbouncer("pgbouncer", { ...shared, ...settings.pgbouncer, pools: poolsOf(settings, databases) }, { parent })
    : undefined;
}

/** Each with the database that its role owns, or works on as another's. */
function poolsOf(settings: Settings, server: StackDatabases): readonly Pool[] {
  return databaseRoles(settings).flatMap(({ pooled, role, databases: owned, known, uses = [], connectionLimit }) => {
    if (pooled === undefined) return [];
    const own = server.databases.get(known?.databases[0] ?? owned[0] ?? "");
    if (own !== undefined) return [{ ...pooled, database: own }];
    const user = server.login(known?.role ?? role);
    return user === undefined
      ? []
      : uses.map((name): Pool => ({ ...pooled, database: { ...user, name, connectionLimit } }));
  });
}
