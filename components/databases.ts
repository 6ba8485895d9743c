import type { ComponentResource } from "@pulumi/pulumi";
import type { Settings } from "./config/settings.js";
import { ModelError } from "./model/errors.js";
import type { Volume } from "./model/workload.js";
import type { Database, ServerLogin } from "./services/database.js";
import { ExternalPostgres, type ExternalPostgresArgs } from "./services/external-postgres.js";
import { Postgres } from "./services/postgres.js";
import { PostgresOperated } from "./services/postgres-operated.js";
import type { DatabaseRequest } from "./services/provisioning.js";
import type { ServiceArgs } from "./services/service-args.js";
import { TEMPORAL_CONNECTIONS } from "./services/temporal-config.js";

/** Connections that Kratos may hold: its pool's default is two for each core. */
const KRATOS_CONNECTIONS = 40;

const READER = "backup";
/** A transaction that holds the snapshot, the dump and the checksums. */
const READER_CONNECTIONS = 5;

const reader = ({ backup }: Settings): DatabaseRequest => ({
  role: READER,
  databases: [],
  connectionLimit: READER_CONNECTIONS,
  memberOf: ["pg_read_all_data"],
  readsEverything: true,
  replicates: backup.pointInTime.enabled,
});

/** The databases of a stack, by consumer. */
export interface StackDatabases {
  readonly databases: { readonly apprun: Database; readonly kratos: Database; readonly temporal: Database; readonly temporalVisibility: Database };
  /** Who may make roles and databases. */
  readonly administrator: ServerLogin;
  /** Who reads every database for backups: a role that can do no more on a server of the stack's own, the administrator on a managed one. */
  readonly reader: ServerLogin;
  /** Where the server archives its write-ahead log. @default - it does not */
  readonly walArchive: Volume | undefined;
}

/** A server of the stack's own or a managed one, with the same databases and roles. */
export function createDatabases(settings: Settings, shared: Omit<ServiceArgs, "resources">, parent: ComponentResource): StackDatabases {
  const requests: DatabaseRequest[] = [
    { role: "apprun", databases: ["apprun"], connectionLimit: settings.app.dbMaxConnections },
    { role: "kratos", databases: ["kratos"], connectionLimit: KRATOS_CONNECTIONS },
    { role: "temporal", databases: ["temporal", "temporal_visibility"], connectionLimit: TEMPORAL_CONNECTIONS },
  ];
  // A managed server's administrator may not give away the right to read everything.
  if (settings.backup.enabled && settings.postgres.mode !== "external") requests.push(reader(settings));
  const server = createServer(settings, shared, requests, parent);
  const named = (name: string): Database => {
    const database = server.databases.get(name);
    if (database === undefined) throw new Error(`no database ${name} was asked for`);
    return database;
  };
  return {
    databases: { apprun: named("apprun"), kratos: named("kratos"), temporal: named("temporal"), temporalVisibility: named("temporal_visibility") },
    administrator: server.administrator,
    reader: server.logins.get(READER) ?? server.administrator,
    walArchive: server instanceof Postgres ? server.walArchive : undefined,
  };
}

/** One of the three ways to have a server; the settings' rules make sure that what each needs is there. */
function createServer(
  { postgres, backup: { pointInTime }, secrets }: Settings,
  shared: Omit<ServiceArgs, "resources">,
  databases: readonly DatabaseRequest[],
  parent: ComponentResource,
): Postgres | PostgresOperated | ExternalPostgres {
  const { operator, external } = postgres;
  switch (postgres.mode) {
    case "container":
      return new Postgres(
        "postgres",
        { ...shared, ...postgres, databases, walArchive: pointInTime.enabled ? { ...pointInTime, role: READER } : undefined },
        { parent },
      );
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
      return new ExternalPostgres(
        "postgres",
        { ...shared, ...required("postgres.external", external), admin: externalAdmin({ postgres, secrets }), databases },
        { parent },
      );
    }
  }
}

function externalAdmin({ postgres, secrets }: Pick<Settings, "postgres" | "secrets">): ExternalPostgresArgs["admin"] {
  return { user: required("postgres.external", postgres.external).adminUser, password: required("postgresAdminPassword", secrets.postgresAdminPassword) };
}

function required<T>(key: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new ModelError({ got: `apprun:${key}: missing`, allowed: "a value with this postgres.mode", fix: "set it in the stack file" });
}
