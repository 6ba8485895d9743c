import type { Endpoint } from "../../model/workload.ts";
import type { DataSource } from "../kit/made.ts";
import { type Database, trustPath } from "../postgres/database.ts";
import { PROMETHEUS_UID } from "./dashboards.ts";

/** What Grafana asks. */
export interface GrafanaSources {
  readonly prometheus: Endpoint;
  /** What other services offer. */
  readonly sources: readonly DataSource[];
  /** The app's database and who may read it. @default - none */
  readonly database?: Omit<Database, "connectionLimit"> | undefined;
}

/** The password of `database`. */
export const DATABASE_PASSWORD_FILE = "/run/secrets/grafana-database-password";

/** The data sources in the form that file provisioning takes. */
export function dataSources({ prometheus, sources, database }: GrafanaSources): readonly object[] {
  return [
    {
      ...provisioned({ name: "Prometheus", type: "prometheus", endpoint: prometheus }),
      isDefault: true,
      uid: PROMETHEUS_UID,
    },
    ...sources.map(provisioned),
    ...(database ? [databaseSource(database)] : []),
  ];
}

function provisioned({ name, type, endpoint: { address }, jsonData }: DataSource) {
  return {
    name,
    uid: type,
    type,
    access: "proxy",
    url: `http://${address}`,
    editable: false,
    ...(jsonData && { jsonData }),
  };
}

/** Those that it opens connections to. */
export function sourceEndpoints({ prometheus, sources }: GrafanaSources): readonly Endpoint[] {
  return [prometheus, ...sources.map(({ endpoint }) => endpoint)];
}

/** The password is read from its file at start. */
function databaseSource({ name, role, server }: Pick<Database, "name" | "role" | "server">) {
  return {
    name: "App database",
    uid: "app-database",
    type: "grafana-postgresql-datasource",
    access: "proxy",
    url: `${server.host}:${server.port}`,
    user: role,
    editable: false,
    jsonData: {
      database: name,
      sslmode: server.sslMode,
      ...(server.ca !== undefined && { tlsConfigurationMethod: "file-path", sslRootCertFile: trustPath(server) }),
      maxOpenConns: 5,
      maxIdleConns: 1,
    },
    secureJsonData: { password: `$__file{${DATABASE_PASSWORD_FILE}}` },
  };
}
