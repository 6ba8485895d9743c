import type { ComponentResource, Output } from "@pulumi/pulumi";
import type { Settings } from "./config/settings.js";
import { ModelError } from "./model/errors.js";
import type { Database, DatabaseServer } from "./services/database.js";
import { ExternalPostgres } from "./services/external-postgres.js";
import { Postgres, SUPERUSER } from "./services/postgres.js";
import type { DatabaseAdmin } from "./services/psql-job.js";
import type { ServiceArgs } from "./services/service-args.js";
import { TEMPORAL_CONNECTIONS } from "./services/temporal-config.js";

/** Connections that Kratos may hold: its pool's default is two for each core. */
const KRATOS_CONNECTIONS = 40;

/** The databases of a stack, by consumer. */
export interface StackDatabases {
  readonly databases: { readonly apprun: Database; readonly kratos: Database; readonly temporal: Database; readonly temporalVisibility: Database };
  readonly server: DatabaseServer;
  /** Who may make roles on it. */
  readonly admin: DatabaseAdmin;
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
  const { external } = settings.postgres;
  const server =
    external === undefined
      ? new Postgres("postgres", { ...shared, ...settings.postgres, databases: requests }, { parent })
      : new ExternalPostgres(
          "postgres",
          { ...shared, ...external, admin: { user: external.adminUser, password: adminPassword(settings) }, databases: requests },
          { parent },
        );
  const named = (name: string): Database => {
    const database = server.databases.get(name);
    if (database === undefined) throw new Error(`no database ${name} was asked for`);
    return database;
  };
  return {
    server: named("apprun").server,
    admin:
      server instanceof Postgres
        ? { user: SUPERUSER, password: server.superuserPassword }
        : { user: external?.adminUser ?? SUPERUSER, password: adminPassword(settings) },
    databases: { apprun: named("apprun"), kratos: named("kratos"), temporal: named("temporal"), temporalVisibility: named("temporal_visibility") },
    superuserPassword: server instanceof Postgres ? server.superuserPassword : undefined,
  };
}

function adminPassword({ secrets }: Settings): Output<string> {
  if (secrets.postgresAdminPassword !== undefined) return secrets.postgresAdminPassword;
  throw new ModelError({
    got: "apprun:postgresAdminPassword: missing",
    allowed: "the password of postgres.external.adminUser",
    fix: "run: pulumi config set --secret apprun:postgresAdminPassword",
  });
}
