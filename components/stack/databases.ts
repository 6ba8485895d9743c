import type { ComponentResource } from "@pulumi/pulumi";
import type { Settings } from "./settings.ts";
import { refuseTooFewConnections } from "../services/postgres/connections.ts";
import { APP_DATABASE } from "../services/app/index.ts";
import { READER } from "../services/backup/index.ts";
import { DASHBOARDS } from "../services/grafana/index.ts";
import { AUTHENTICATOR } from "../services/postgres/api-roles.ts";
import { MONITORING } from "../services/postgres/index.ts";
import { databaseRoles } from "./database-roles.ts";
import { ModelError } from "../model/errors.ts";
import { qualifiedName } from "../model/identity.ts";
import type { Volume } from "../model/workload.ts";
import type { Database, ServerLogin } from "../services/postgres/database.ts";
import { ExternalPostgres, type ExternalPostgresArgs } from "../services/postgres/external-postgres.ts";
import { Postgres } from "../services/postgres/postgres.ts";
import { PostgresOperated } from "../services/postgres/operated.ts";
import type { DatabaseRequest } from "../services/postgres/roles.ts";
import type { Shared } from "./shared.ts";

/** The databases of a stack, by consumer. */
export interface StackDatabases {
  readonly databases: { readonly apprun: Database; readonly kratos: Database; readonly temporal: Database; readonly temporalVisibility: Database };
  /** Who may make roles and databases. */
  readonly administrator: ServerLogin;
  /** Who reads every database for backups: a role that can do no more on a server of the stack's own, the administrator on a managed one. */
  readonly reader: ServerLogin;
  /** Who reads the server's statistics. @default - nobody asks for them */
  readonly monitoring: ServerLogin | undefined;
  /** Who reads the app's tables for dashboards. @default - nobody */
  readonly dashboards: ServerLogin | undefined;
  /** Who logs in for a data API. @default - nobody */
  readonly authenticator: ServerLogin | undefined;
  /** Where the server archives its write-ahead log. @default - it does not */
  readonly walArchive: Volume | undefined;
}

/** A server of the stack's own or a managed one, with the same databases and roles. */
export function createDatabases(settings: Settings, shared: Shared, parent: ComponentResource): StackDatabases {
  const databases = databaseRoles(settings);
  refuseTooFewConnections(settings.postgres, databases);
  const server = createServer(settings, { ...shared, stack: qualifiedName(settings.identity), databases }, parent);
  const named = (name: string): Database => {
    const database = server.databases.get(name);
    if (database === undefined) throw new Error(`no database ${name} was asked for`);
    return database;
  };
  return {
    databases: { apprun: named(APP_DATABASE.name), kratos: named("kratos"), temporal: named("temporal"), temporalVisibility: named("temporal_visibility") },
    administrator: server.administrator,
    reader: server.logins.get(READER) ?? server.administrator,
    monitoring: server.logins.get(MONITORING),
    dashboards: server.logins.get(DASHBOARDS),
    authenticator: server.logins.get(AUTHENTICATOR),
    walArchive: server instanceof Postgres ? server.walArchive : undefined,
  };
}

/** One of the three ways to have a server; the settings' rules make sure that what each needs is there. */
function createServer(
  { postgres, backup: { pointInTime }, secrets }: Settings,
  shared: Shared & { readonly stack: string; readonly databases: readonly DatabaseRequest[] },
  parent: ComponentResource,
): Postgres | PostgresOperated | ExternalPostgres {
  const { operator, external } = postgres;
  switch (postgres.mode) {
    case "container":
      return new Postgres("postgres", { ...shared, ...postgres, walArchive: pointInTime.enabled ? { ...pointInTime, role: READER } : undefined }, { parent });
    case "operator": {
      const { backupAccessKeyId: accessKeyId, backupSecretAccessKey: secretAccessKey } = secrets;
      const backup = operator.backup && {
        ...operator.backup,
        accessKeyId: required("backupAccessKeyId", accessKeyId),
        secretAccessKey: required("backupSecretAccessKey", secretAccessKey),
      };
      return new PostgresOperated("postgres", { ...shared, ...postgres, instances: operator.instances, backup }, { parent });
    }
    case "external": {
      return new ExternalPostgres(
        "postgres",
        { ...shared, ...required("postgres.external", external), admin: externalAdmin({ postgres, secrets }) },
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
