import type { ComponentResource, Output } from "@pulumi/pulumi";
import type { Settings } from "./config/settings.js";
import { ModelError } from "./model/errors.js";
import type { Database, ServerLogin } from "./services/database.js";
import { ExternalPostgres } from "./services/external-postgres.js";
import { Postgres } from "./services/postgres.js";
import type { DatabaseRequest } from "./services/provisioning.js";
import type { ServiceArgs } from "./services/service-args.js";
import { TEMPORAL_CONNECTIONS } from "./services/temporal-config.js";

/** Connections that Kratos may hold: its pool's default is two for each core. */
const KRATOS_CONNECTIONS = 40;

const READER = "backup";
/** A transaction that holds the snapshot, the dump and the checksums. */
const READER_CONNECTIONS = 5;

/** The databases of a stack, by consumer. */
export interface StackDatabases {
  readonly databases: { readonly apprun: Database; readonly kratos: Database; readonly temporal: Database; readonly temporalVisibility: Database };
  /** Who may make roles and databases. */
  readonly administrator: ServerLogin;
  /** Who reads every database for backups: a role that can do no more on the stack's own server, the administrator on a managed one. */
  readonly reader: ServerLogin;
}

/** A server of the stack's own or a managed one, with the same databases and roles. */
export function createDatabases(settings: Settings, shared: Omit<ServiceArgs, "resources">, parent: ComponentResource): StackDatabases {
  const requests = [
    { role: "apprun", databases: ["apprun"], connectionLimit: settings.app.dbMaxConnections },
    { role: "kratos", databases: ["kratos"], connectionLimit: KRATOS_CONNECTIONS },
    { role: "temporal", databases: ["temporal", "temporal_visibility"], connectionLimit: TEMPORAL_CONNECTIONS },
  ];
  const reader = (): DatabaseRequest => ({
    role: READER,
    databases: [],
    connectionLimit: READER_CONNECTIONS,
    memberOf: ["pg_read_all_data"],
    readsEverything: true,
  });
  const { external } = settings.postgres;
  const server =
    external === undefined
      ? new Postgres("postgres", { ...shared, ...settings.postgres, databases: [...requests, ...(settings.backup.enabled ? [reader()] : [])] }, { parent })
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
    databases: { apprun: named("apprun"), kratos: named("kratos"), temporal: named("temporal"), temporalVisibility: named("temporal_visibility") },
    administrator: server.administrator,
    reader: (server instanceof Postgres ? server.logins.get(READER) : undefined) ?? server.administrator,
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
