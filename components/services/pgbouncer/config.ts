import { all, type Output } from "@pulumi/pulumi";
import { seconds, type Duration } from "../../model/units.ts";
import { libpqTls, type Database } from "../postgres/database.ts";

/** The port of its clients. */
export const POOLER_PORT = 6432;
/** May ask its console for figures, and nothing else. */
export const STATS_USER = "pgbouncer_stats";
/** The console's name among the databases. */
export const CONSOLE = "pgbouncer";
export const USERS_FILE = "/run/secrets/pgbouncer-users";

/** The console's users, who hold no place that a client could miss. */
const CONSOLE_CLIENTS = 10;
/** An update starts replicas of the clients before it stops others, and the alert begins at 80 %. */
const CLIENT_ROOM = 2;
/** PgBouncer's own figure, written down because apps rely on it. */
const PREPARED_STATEMENTS = 200;
/** Its own 15 s would be refusals after the server is back, or has a new password. */
const LOGIN_RETRY: Duration = "2s";

/** A role of the server whose clients share connections. */
export interface Pool {
  /** The database as PgBouncer reaches it. */
  readonly database: Database;
  /** Connections that all of its clients hold. */
  readonly clients: number;
  /** Connections to the server. */
  readonly size: number;
}

/** All of its clients that are let in. */
export function mostClients(pools: readonly Pick<Pool, "clients">[]): number {
  return CLIENT_ROOM * pools.reduce((sum, { clients }) => sum + clients, 0) + CONSOLE_CLIENTS;
}

/** `pgbouncer.ini`, without a secret. */
export function configuration(pools: readonly Pool[], { queryWait }: { readonly queryWait: Duration }): string {
  const servers = new Map(pools.map(({ database: { name, server } }) => [name, server]));
  const [first] = servers.values();
  const { PGSSLMODE, PGSSLROOTCERT } = first === undefined ? {} : libpqTls(first);
  const section = (name: string, values: Readonly<Record<string, string | number>>) => [
    `[${name}]`,
    ...Object.entries(values).map(([key, value]) => `${key} = ${value}`),
    "",
  ];
  return [
    ...section(
      "databases",
      Object.fromEntries(
        [...servers].map(([name, { host, port }]) => [name, `host=${host} port=${port} dbname=${name}`]),
      ),
    ),
    ...section("users", Object.fromEntries(pools.map(({ database: { role }, size }) => [role, `pool_size=${size}`]))),
    ...section("pgbouncer", {
      listen_addr: "*",
      listen_port: POOLER_PORT,
      // No file of its own: the root may be read-only.
      unix_socket_dir: "",
      auth_type: "scram-sha-256",
      auth_file: USERS_FILE,
      stats_users: STATS_USER,
      pool_mode: "transaction",
      max_client_conn: mostClients(pools),
      max_prepared_statements: PREPARED_STATEMENTS,
      query_wait_timeout: seconds(queryWait),
      server_login_retry: seconds(LOGIN_RETRY),
      ...(PGSSLMODE !== undefined && { server_tls_sslmode: PGSSLMODE }),
      ...(PGSSLROOTCERT !== undefined && { server_tls_ca_file: PGSSLROOTCERT }),
      // Drivers of Java and the exporter send it; it changes how numbers are written and nothing else.
      ignore_startup_parameters: "extra_float_digits",
      // The probe is a connection every few seconds.
      log_connections: 0,
      log_disconnections: 0,
    }),
  ].join("\n");
}

/**
 * Who may log in. With plain passwords it can both check a client and log in to
 * the server: a SCRAM secret would have to be the server's own, whose salt is
 * another at each setting of the password, and only the server knows it.
 */
export function usersFile(pools: readonly Pool[], stats: Output<string>): Output<string> {
  const users = [
    ...pools.map(({ database: { role, password } }) => ({ role, password })),
    { role: STATS_USER, password: stats },
  ];
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return all(users.map(({ password }) => password)).apply((passwords) =>
    users.map(({ role }, index) => `${quoted(role)} ${quoted(passwords[index] ?? "")}\n`).join(""),
  );
}
