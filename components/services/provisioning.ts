import type { ComponentResource } from "@pulumi/pulumi";
import type { Ready } from "../model/workload.js";
import type { Database, DatabaseServer } from "./database.js";
import { provisioningSql } from "./postgres-sql.js";
import { psqlJob, type DatabaseAdmin } from "./psql-job.js";
import { generatedSecret } from "./secrets.js";
import type { ServiceArgs } from "./service-args.js";

/** A consumer's wish: databases owned by a role of its own. */
export interface DatabaseRequest {
  readonly role: string;
  readonly databases: readonly string[];
  /** Connections that the role may hold at once. */
  readonly connectionLimit: number;
}

export interface ProvisioningArgs extends Omit<ServiceArgs, "resources"> {
  readonly databases: readonly DatabaseRequest[];
  readonly server: DatabaseServer;
  readonly admin: DatabaseAdmin;
  readonly dependsOn: readonly Ready[];
}

/** Runs the job that makes roles and databases, and hands out the databases by name. */
export function provisionDatabases(name: string, args: ProvisioningArgs, parent: ComponentResource): ReadonlyMap<string, Database> {
  const { server, admin } = args;
  const roles = args.databases.map((request) => ({ ...request, password: generatedSecret(`${name}-${request.role}`, { protect: args.protectData, parent }) }));
  const sql = provisioningSql(roles);
  const { succeeded } = args.platform.job(name, psqlJob({ image: args.image("postgres"), server, admin, sql, dependsOn: args.dependsOn }), { parent });
  return new Map(
    roles.flatMap(({ role, databases, password }) =>
      databases.map((database): [string, Database] => [database, { name: database, role, password, server, ready: succeeded }]),
    ),
  );
}
