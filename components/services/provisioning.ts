import type { ComponentResource } from "@pulumi/pulumi";
import type { Ready } from "../model/workload.js";
import type { Database, DatabaseServer, ServerLogin } from "./database.js";
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
  /** Predefined roles that it is a member of. @default [] */
  readonly memberOf?: readonly string[];
  /** Whether it reads past row security and large objects' owners. @default false */
  readonly readsEverything?: boolean;
}

export interface ProvisioningArgs extends Omit<ServiceArgs, "resources"> {
  readonly databases: readonly DatabaseRequest[];
  readonly server: DatabaseServer;
  readonly admin: DatabaseAdmin;
  readonly dependsOn: readonly Ready[];
}

/** What a server has after provisioning. */
export interface Provisioned {
  /** The databases by name. */
  readonly databases: ReadonlyMap<string, Database>;
  /** Roles that own no database, by name. */
  readonly logins: ReadonlyMap<string, ServerLogin>;
  readonly ready: Ready;
}

/** Runs the job that makes roles and databases, and hands them out. */
export function provisionDatabases(name: string, args: ProvisioningArgs, parent: ComponentResource): Provisioned {
  const { server, admin } = args;
  const roles = args.databases.map((request) => ({
    ...request,
    password: generatedSecret(`${name}-${request.role}`, { protect: args.protectData, rotation: args.rotation, parent }),
  }));
  const sql = provisioningSql(roles);
  const { succeeded } = args.platform.job(name, psqlJob({ image: args.image("postgres"), server, admin, sql, dependsOn: args.dependsOn }), { parent });
  const login = ({ role, password }: (typeof roles)[number]): ServerLogin => ({ role, password, server, ready: succeeded });
  return {
    ready: succeeded,
    databases: new Map(roles.flatMap((spec) => spec.databases.map((database): [string, Database] => [database, { ...login(spec), name: database }]))),
    logins: new Map(roles.filter(({ databases }) => databases.length === 0).map((spec) => [spec.role, login(spec)])),
  };
}
