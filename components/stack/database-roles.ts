import type { Settings } from "./settings.ts";
import type { Duration } from "../model/units.ts";
import type { DatabaseRequest } from "../services/postgres/roles.ts";
import { TEMPORAL_CONNECTIONS } from "../services/temporal/config.ts";

/** Connections that Kratos may hold, and the fewest of each replica: its own default is two for each core, whatever the server allows. */
const KRATOS_CONNECTIONS = { all: 16, each: 4 };
/** Schema migrations run as the services' own roles: an index on a large table takes minutes, a statement that hangs still ends. */
const SERVICE_TIMES = { statementTimeout: "15m", idleInTransactionTimeout: "5m" } satisfies Partial<DatabaseRequest>;

/** The app's own database and role. */
export const APP_DATABASE = { name: "apprun", role: "apprun" } as const;

/** Reads everything for backups. */
export const READER = "backup";
/** A transaction that holds the snapshot, the dump and the checksums. */
const READER_CONNECTIONS = 5;

/** Reads the server's statistics. */
export const MONITORING = "monitoring";
/** The exporter's own pool and one connection for each database that it looks into. */
const MONITORING_CONNECTIONS = 10;

/** Reads the app's tables for Grafana. */
export const DASHBOARDS = "grafana";
const DASHBOARDS_CONNECTIONS = 5;

/** Logs in for a data API and becomes `anon` or `authenticated`. */
export const AUTHENTICATOR = "authenticator";
/** Twice the pool of PostgREST's default. */
const AUTHENTICATOR_CONNECTIONS = 20;
/** Supabase's figures for the same roles. */
const API_TIMES: Readonly<Record<"anon" | "authenticated" | "authenticator", Duration>> = { anon: "3s", authenticated: "8s", authenticator: "8s" };

/** Readers ask for what a page shows. */
const QUERY_TIMES = { statementTimeout: "30s", idleInTransactionTimeout: "60s" } satisfies Partial<DatabaseRequest>;

/** Every role of the stack's PostgreSQL server and what it may do there: the one description. */
export function databaseRoles(settings: Settings): readonly DatabaseRequest[] {
  const { app, kratos, postgres, grafana, prometheus, exporters, backup } = settings;
  return [
    {
      role: APP_DATABASE.role,
      databases: [APP_DATABASE.name],
      connectionLimit: app.dbMaxConnections,
      statementTimeout: app.dbStatementTimeout,
      idleInTransactionTimeout: app.dbIdleTransactionTimeout,
      extensions: postgres.extensions,
    },
    { role: "kratos", databases: ["kratos"], connectionLimit: Math.max(KRATOS_CONNECTIONS.all, KRATOS_CONNECTIONS.each * kratos.replicas), ...SERVICE_TIMES },
    { role: "temporal", databases: ["temporal", "temporal_visibility"], connectionLimit: TEMPORAL_CONNECTIONS, ...SERVICE_TIMES },
    // A managed server's administrator may not give away the right to read everything.
    ...(backup.enabled && postgres.mode !== "external" ? [reader(settings)] : []),
    ...(prometheus.enabled && exporters.postgres ? [monitoring()] : []),
    ...(grafana.enabled && grafana.appDatabase ? [dashboards()] : []),
    ...(postgres.apiRoles ? apiRoles() : []),
  ];
}

function reader({ backup }: Settings): DatabaseRequest {
  return {
    role: READER,
    databases: [],
    connectionLimit: READER_CONNECTIONS,
    memberOf: ["pg_read_all_data"],
    readsEverything: true,
    replicates: backup.pointInTime.enabled,
  };
}

function monitoring(): DatabaseRequest {
  return { role: MONITORING, databases: [], connectionLimit: MONITORING_CONNECTIONS, memberOf: ["pg_monitor"], ...QUERY_TIMES };
}

function dashboards(): DatabaseRequest {
  return { role: DASHBOARDS, databases: [], connectionLimit: DASHBOARDS_CONNECTIONS, reads: [APP_DATABASE.name], ...QUERY_TIMES };
}

/** Row security decides what they see of the tables that the app grants them; they own nothing and nothing lets them past it. */
function apiRoles(): readonly DatabaseRequest[] {
  const role = (name: keyof typeof API_TIMES, more: Partial<DatabaseRequest>): DatabaseRequest => ({
    role: name,
    databases: [],
    connectionLimit: AUTHENTICATOR_CONNECTIONS,
    statementTimeout: API_TIMES[name],
    idleInTransactionTimeout: "60s",
    uses: [APP_DATABASE.name],
    inherits: false,
    ...more,
  });
  return [role("anon", { login: false }), role("authenticated", { login: false }), role(AUTHENTICATOR, { memberOf: ["anon", "authenticated"] })];
}
