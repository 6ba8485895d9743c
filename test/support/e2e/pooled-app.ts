import type { Inside } from "./inside.ts";

/** An app that waits to be asked: the image of PostgreSQL has the clients that it needs. */
export const POOLED_APP = {
  image: { repository: "library/postgres", tag: "17-alpine", uid: 70, gid: 70, probeCommand: ["true"] },
  command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.2; done"],
  migrate: {
    // A lock of the session, as tools for migrations take it.
    command: [
      "sh",
      "-c",
      [
        'psql "$(cat $DATABASE_URL_FILE)" -Xq -v ON_ERROR_STOP=1',
        '-c "SELECT pg_advisory_lock(7)"',
        '-c "CREATE TABLE IF NOT EXISTS rows (what text); CREATE TABLE IF NOT EXISTS migrated (by text)"',
        `-c "INSERT INTO migrated VALUES ('$DB_HOST:$DB_PORT')"`,
      ].join(" "),
    ],
  },
} as const;

/** What a replica of the app does with what it is told. */
export class PooledApp {
  readonly #inside: Inside;

  constructor(inside: Inside) {
    this.#inside = inside;
  }

  sh(script: string): Promise<string> {
    return this.#inside("sh", "-c", script);
  }

  bash(script: string): Promise<string> {
    return this.#inside("bash", "-c", script);
  }

  /** The tables of pgbench, past PgBouncer. */
  async initialize(): Promise<void> {
    await this.sh('PGPASSWORD="$(cat $DB_PASSWORD_FILE)" pgbench -h postgres -U $DB_USER -i -q $DB_NAME');
  }

  /** One statement as the app, where it is told that the database is. */
  async sql(statement: string): Promise<string> {
    return (await this.sh(`psql "$(cat $DATABASE_URL_FILE)" -XAtq -c "${statement}"`)).trim();
  }

  /** So many clients at once, with statements that the protocol prepares; `host:port` is where. */
  load(clients: number, seconds: number, [host, port]: readonly [string, string]): Promise<string> {
    const at = `PGPASSWORD="$(cat $DB_PASSWORD_FILE)" pgbench -h ${host} -p ${port} -U $DB_USER`;
    return this.sh(`${at} -n -M prepared -S -c ${clients} -j 2 -T ${seconds} $DB_NAME`);
  }
}
