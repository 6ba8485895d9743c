import type { ComponentResource } from "@pulumi/pulumi";
import type { Settings } from "./settings.ts";
import { serverConnections } from "../services/postgres/connections.ts";
import { APP_DATABASE } from "../services/app/index.ts";
import { READER } from "../services/backup/index.ts";
import { AUTHENTICATOR } from "../services/postgrest/api-roles.ts";
import { databaseRoles } from "./database-roles.ts";
import { ModelError } from "../model/errors.ts";
import { qualifiedName } from "../model/identity.ts";
import type { Volume } from "../model/volume.ts";
import type { Database, ServerLogin } from "../services/postgres/database.ts";
import { ExternalPostgres, type ExternalPostgresArgs } from "../services/postgres/external-postgres.ts";
import { Postgres } from "../services/postgres/postgres.ts";
import { PostgresOperated } from "../services/postgres/operated.ts";
import type { DatabaseRequest } from "../services/postgres/roles.ts";
import type { Login, Made } from "../services/kit/made.ts";
import type { Shared } from "./shared.ts";

/** The databases of a stack, whoever runs the server. */
export interface StackDatabases extends Made {
  readonly logins: NonNullable<Made["logins"]>;
  /** Every database, by the stack's name for it. */
  readonly databases: ReadonlyMap<string, Database>;
  /** What the server calls the databases that a service uses, sorted. */
  readonly used: readonly string[];
  /** Who may make roles and databases. */
  readonly administrator: ServerLogin;
  /** Who reads every database for backups: a role that can do no more on a server of the stack's own, the administrator on a managed one. */
  readonly reader: ServerLogin;
  /** Where the server archives its write-ahead log. @default - it does not */
  readonly walArchive: Volume | undefined;
  /** The database of a name that the stack has for it. */
  database(name: string): Database;
  /** A role that owns no database, by the stack's name for it. @default - nobody asked for it */
  login(role: string): ServerLogin | undefined;
}

/** A server of the stack's own or a managed one, with the same databases and roles. */
export function createDatabases(settings: Settings, shared: Shared, parent: ComponentResource): StackDatabases {
  const requests = databaseRoles(settings);
  const server = createServer(
    settings,
    {
      ...shared,
      stack: qualifiedName(settings.identity),
      databases: requests,
      maxConnections: serverConnections(settings.postgres, requests),
    },
    parent,
  );
  const { databases, logins, administrator } = server;
  const database = (name: string): Database => {
    const found = databases.get(name);
    if (found === undefined) throw new Error(`no service asked for a database ${name}`);
    return found;
  };
  const loginOf = ({ role, password }: Pick<ServerLogin, "role" | "password">): Login => ({ username: role, password });
  const authenticator = logins.get(AUTHENTICATOR);
  return {
    databases,
    database,
    administrator,
    login: (role) => logins.get(role),
    used: requests.flatMap(({ databases: names, idle = false }) => (idle ? [] : names)).sort(),
    reader: logins.get(READER) ?? administrator,
    walArchive: server instanceof Postgres ? server.walArchive : undefined,
    logins: {
      postgres: loginOf(administrator),
      "app-database": loginOf(database(APP_DATABASE.name)),
      ...(authenticator && { authenticator: loginOf(authenticator) }),
    },
  };
}

/** One of the three ways to have a server; the settings' rules make sure that what each needs is there. */
function createServer(
  { postgres, backup: { pointInTime }, secrets }: Settings,
  shared: Shared & {
    readonly stack: string;
    readonly databases: readonly DatabaseRequest[];
    readonly maxConnections: number;
  },
  parent: ComponentResource,
): Postgres | PostgresOperated | ExternalPostgres {
  const { operator, external } = postgres;
  switch (postgres.mode) {
    case "container":
      return new Postgres(
        "postgres",
        { ...postgres, ...shared, walArchive: pointInTime.enabled ? { ...pointInTime, role: READER } : undefined },
        { parent },
      );
    case "operator": {
      const { backupAccessKeyId: accessKeyId, backupSecretAccessKey: secretAccessKey } = secrets;
      const backup = operator.backup && {
        ...operator.backup,
        accessKeyId: required("backupAccessKeyId", accessKeyId),
        secretAccessKey: required("backupSecretAccessKey", secretAccessKey),
      };
      return new PostgresOperated(
        "postgres",
        { ...postgres, ...shared, instances: operator.instances, backup },
        { parent },
      );
    }
    case "external": {
      const { host, port, sslMode, ca, provisioning, adopt } = required("postgres.external", external);
      return new ExternalPostgres(
        "postgres",
        { ...shared, host, port, sslMode, ca, provisioning, adopt, admin: externalAdmin({ postgres, secrets }) },
        { parent },
      );
    }
  }
}

function externalAdmin({ postgres, secrets }: Pick<Settings, "postgres" | "secrets">): ExternalPostgresArgs["admin"] {
  return {
    user: required("postgres.external", postgres.external).adminUser,
    password: required("postgresAdminPassword", secrets.postgresAdminPassword),
  };
}

function required<T>(key: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new ModelError({
    got: `apprun:${key}: missing`,
    allowed: "a value with this postgres.mode",
    fix: "set it in the stack file",
  });
}
