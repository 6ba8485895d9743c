import type { DatabaseRequest } from "../../components/services/postgres/roles.ts";

export interface Session {
  /** Where the server is: the image's own, one of an operator's, or one that others run. */
  readonly mode: "container" | "operator" | "external";
  readonly database: string;
  readonly role: string;
  /** The role that owns the server. */
  readonly superuser: string;
  /** Whether its transactions may write unless they say otherwise. */
  readonly write: boolean;
  readonly interactive: boolean;
  /** psql's own arguments. */
  readonly args: readonly string[];
}

/** The role that owns a database; nothing for one that no service asked for. */
export function ownerOf(requests: readonly DatabaseRequest[], database: string): string | undefined {
  return requests.find(({ databases }) => databases.includes(database))?.role;
}

/**
 * psql beside the server, where its socket lets any role in without a
 * password, so that none is on a command line or in an environment. An
 * operator's server lets its superuser in only, who takes the role on; one that
 * others run is asked from the backup's container, with the login of its file.
 */
export function psqlCommand(session: Session): readonly string[] {
  const { mode, database, role, superuser, write, interactive, args } = session;
  const options = [
    ...(mode === "operator" && role !== superuser ? [`-c role=${role}`] : []),
    ...(write ? [] : ["-c default_transaction_read_only=on"]),
  ];
  const environment = [
    ...(options.length === 0 ? [] : [`PGOPTIONS=${options.join(" ")}`]),
    // What somebody types must not stay in the container.
    "PSQL_HISTORY=/dev/null",
  ];
  const user = { container: ["--username", role], operator: ["--username", superuser], external: [] }[mode];
  // A script that goes on after an error would end with 0.
  const script = interactive ? [] : ["--set", "ON_ERROR_STOP=1"];
  const psql = ["psql", "--no-psqlrc", ...script, ...user, "--dbname", database, ...args];
  const login =
    mode === "external" ? ["sh", "-c", 'PGPASSWORD=$(cat /run/secrets/database-password) exec "$@"', "psql"] : [];
  return ["env", ...environment, ...login, ...psql];
}

/** The command that a container of the stack's own server answers a query with, as its superuser over the local socket. */
export function socketQuery(database: string, sql: string): readonly string[] {
  return [
    "psql",
    "--host=/var/run/postgresql",
    "--username=postgres",
    `--dbname=${database}`,
    "--no-psqlrc",
    "--no-align",
    "--tuples-only",
    // One line an error.
    "--set=VERBOSITY=terse",
    `--command=${sql}`,
  ];
}
