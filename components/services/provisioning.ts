import type { ComponentResource, Output } from "@pulumi/pulumi";
import type { Ready } from "../model/workload.js";
import { databaseAccess, type Database, type DatabaseServer } from "./database.js";
import { provisioningSql } from "./postgres-sql.js";
import { generatedSecret } from "./secrets.js";
import { retried } from "./shell.js";
import { JOB_RESOURCES, type ServiceArgs } from "./service-args.js";

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
  readonly admin: { readonly user: string; readonly password: Output<string> };
  readonly dependsOn: readonly Ready[];
}

const ADMIN_PASSWORD_FILE = "/run/secrets/admin-password";
const SQL_FILE = "/run/secrets/provision.sql";

/** psql takes the password from its environment; the job's own, so that no list of processes or containers shows it. */
const RUN_SQL = `${retried("pg_isready --quiet --timeout 3")}
PGPASSWORD="$(cat ${ADMIN_PASSWORD_FILE})" exec psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file ${SQL_FILE}`;

/** Runs the job that makes roles and databases, and hands out the databases by name. */
export function provisionDatabases(name: string, args: ProvisioningArgs, parent: ComponentResource): ReadonlyMap<string, Database> {
  const { server, admin } = args;
  const roles = args.databases.map((request) => ({ ...request, password: generatedSecret(`${name}-${request.role}`, { protect: args.protectData, parent }) }));
  const image = args.image("postgres");
  const { succeeded } = args.platform.job(
    name,
    {
      image,
      entrypoint: ["sh", "-c"],
      args: [RUN_SQL],
      env: { PGHOST: server.host, PGPORT: String(server.port), PGUSER: admin.user, PGDATABASE: "postgres", PGSSLMODE: server.sslMode, PGCONNECT_TIMEOUT: "10" },
      secretFiles: [
        { path: ADMIN_PASSWORD_FILE, content: admin.password },
        { path: SQL_FILE, content: provisioningSql(roles) },
      ],
      resources: JOB_RESOURCES,
      runAs: { uid: image.uid, gid: image.gid },
      zone: "data",
      ...databaseAccess({ server }),
      dependsOn: args.dependsOn,
    },
    { parent },
  );
  return new Map(
    roles.flatMap(({ role, databases, password }) =>
      databases.map((database): [string, Database] => [database, { name: database, role, password, server, ready: succeeded }]),
    ),
  );
}
