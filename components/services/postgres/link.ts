import { address, fact } from "../kit/fact.ts";
import type { LinkedSecret } from "../kit/link.ts";
import type { Facts } from "../kit/template.ts";
import { databaseUrl, directly, poolSize, trustPath, type Database } from "./database.ts";

/** What variables can name of a database, for so many replicas. */
export function databaseFacts(database: Database, replicas: number): Facts {
  const { server, name, role, password, replica } = database;
  const direct = directly(database);
  return {
    "database.host": fact(server.host),
    "database.port": fact(server.port),
    "database.user": fact(role),
    "database.password": fact(password),
    "database.name": fact(name),
    "database.sslMode": fact(server.sslMode),
    "database.url": address(databaseUrl(database)),
    "database.directHost": fact(direct.server.host),
    "database.directPort": fact(direct.server.port),
    "database.directUrl": address(databaseUrl(direct)),
    "database.poolSize": fact(poolSize(database, replicas)),
    ...(replica && {
      "database.replicaHost": fact(replica.host),
      "database.replicaUrl": address(databaseUrl({ ...database, server: replica })),
    }),
  };
}

/** Plain variables of the preset apprun. */
export function databaseEnvironment(database: Database, replicas: number): Record<string, string> {
  const { server, name, role, replica } = database;
  const rootCert = trustPath(server);
  return {
    DB_HOST: server.host,
    DB_PORT: String(server.port),
    DB_USER: role,
    DB_NAME: name,
    DB_SSLMODE: server.sslMode,
    ...(rootCert !== undefined && { DB_SSLROOTCERT: rootCert }),
    DB_MAX_CONNECTIONS: String(poolSize(database, replicas)),
    ...(replica && { DB_REPLICA_HOST: replica.host }),
  };
}

/** Secrets of the same. */
export function databaseSecrets(database: Database): Readonly<Record<string, LinkedSecret>> {
  return {
    DATABASE_URL: { file: "database-url", content: databaseUrl(database) },
    DB_PASSWORD: { file: "database-password", content: database.password },
    ...(database.replica && {
      DATABASE_REPLICA_URL: {
        file: "database-replica-url",
        content: databaseUrl({ ...database, server: database.replica }),
      },
    }),
  };
}
