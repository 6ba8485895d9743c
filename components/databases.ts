import type { ComponentResource, Output } from "@pulumi/pulumi";
import type { Settings } from "./config/settings.js";
import { ModelError } from "./model/errors.js";
import type { Database } from "./services/database.js";
import { ExternalPostgres } from "./services/external-postgres.js";
import { Postgres } from "./services/postgres.js";
import { PostgresOperated } from "./services/postgres-operated.js";
import type { DatabaseRequest } from "./services/provisioning.js";
import type { ServiceArgs } from "./services/service-args.js";
import { TEMPORAL_CONNECTIONS } from "./services/temporal-config.js";

/** Connections that Kratos may hold: its pool's default is two for each core. */
const KRATOS_CONNECTIONS = 40;

/** The databases of a stack, by consumer. */
export interface StackDatabases {
  readonly databases: { readonly apprun: Database; readonly kratos: Database; readonly temporal: Database; readonly temporalVisibility: Database };
  /** Password of the superuser, when the stack runs the server. */
  readonly superuserPassword: Output<string> | undefined;
}

/** A server of the stack's own or a managed one, with the same databases and roles. */
export function createDatabases(settings: Settings, shared: Omit<ServiceArgs, "resources">, parent: ComponentResource): StackDatabases {
  const requests = [
    { role: "apprun", databases: ["apprun"], connectionLimit: settings.app.dbMaxConnections },
    { role: "kratos", databases: ["kratos"], connectionLimit: KRATOS_CONNECTIONS },
    { role: "temporal", databases: ["temporal", "temporal_visibility"], connectionLimit: TEMPORAL_CONNECTIONS },
  ];
  const server = createServer(settings, shared, requests, parent);
  const named = (name: string): Database => {
    const database = server.databases.get(name);
    if (database === undefined) throw new Error(`no database ${name} was asked for`);
    return database;
  };
  return {
    databases: { apprun: named("apprun"), kratos: named("kratos"), temporal: named("temporal"), temporalVisibility: named("temporal_visibility") },
    superuserPassword: "superuserPassword" in server ? server.superuserPassword : undefined,
  };
}

/** One of the three ways to have a server; the settings' rules make sure that what each needs is there. */
function createServer(
  { postgres, secrets }: Settings,
  shared: Omit<ServiceArgs, "resources">,
  databases: readonly DatabaseRequest[],
  parent: ComponentResource,
): Postgres | PostgresOperated | ExternalPostgres {
  const { operator, external } = postgres;
  switch (postgres.mode) {
    case "container":
      return new Postgres("postgres", { ...shared, ...postgres, databases }, { parent });
    case "operator": {
      const { backupAccessKeyId: accessKeyId, backupSecretAccessKey: secretAccessKey } = secrets;
      const backup = operator.backup && {
        ...operator.backup,
        accessKeyId: required("backupAccessKeyId", accessKeyId),
        secretAccessKey: required("backupSecretAccessKey", secretAccessKey),
      };
      return new PostgresOperated("postgres", { ...shared, ...postgres, instances: operator.instances, backup, databases }, { parent });
    }
    case "external": {
      const { adminUser, ...rest } = required("postgres.external", external);
      const password = required("postgresAdminPassword", secrets.postgresAdminPassword);
      return new ExternalPostgres("postgres", { ...shared, ...rest, admin: { user: adminUser, password }, databases }, { parent });
    }
  }
}

function required<T>(key: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new ModelError({ got: `apprun:${key}: missing`, allowed: "a value with this postgres.mode", fix: "set it in the stack file" });
}
