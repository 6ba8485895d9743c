import type { Endpoint } from "../../model/workload.ts";
import { type Database, trustPath } from "../postgres/database.ts";
import { PROMETHEUS_UID } from "./dashboards.ts";

/** What Grafana asks; the uid of each is its type. */
export interface GrafanaSources {
  readonly prometheus: Endpoint;
  /** For silences. @default - none */
  readonly alertmanager?: Endpoint | undefined;
  /** Traces. @default - none */
  readonly jaeger?: Endpoint | undefined;
  /** Logs. @default - none */
  readonly loki?: Endpoint | undefined;
  /** The app's database and who may read it. @default - none */
  readonly database?: Omit<Database, "connectionLimit"> | undefined;
}

/** The password of `database`. */
export const DATABASE_PASSWORD_FILE = "/run/secrets/grafana-database-password";

/** The data sources in the form that file provisioning takes. */
export function dataSources({ prometheus, alertmanager, jaeger, loki, database }: GrafanaSources): readonly object[] {
  const source = (name: string, type: string, { address }: Endpoint, more: object = {}) => ({
    name,
    uid: type,
    type,
    access: "proxy",
    url: `http://${address}`,
    editable: false,
    ...more,
  });
  return [
    { ...source("Prometheus", "prometheus", prometheus, { isDefault: true }), uid: PROMETHEUS_UID },
    ...(alertmanager ? [source("Alertmanager", "alertmanager", alertmanager, { jsonData: { implementation: "prometheus" } })] : []),
    ...(jaeger ? [source("Jaeger", "jaeger", jaeger)] : []),
    ...(loki ? [source("Loki", "loki", loki)] : []),
    ...(database ? [databaseSource(database)] : []),
  ];
}

/** Those that it opens connections to. */
export function sourceEndpoints({ prometheus, alertmanager, jaeger, loki }: GrafanaSources): readonly Endpoint[] {
  return [prometheus, alertmanager, jaeger, loki].filter((endpoint) => endpoint !== undefined);
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
