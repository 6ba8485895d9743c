import { expect } from "vitest";
import type { Inside } from "./inside.ts";

const LISTENS_AT = 8080;

/** An app that waits to be asked: the image of PostgreSQL has the clients that it needs. */
export const POOLED_APP = {
  image: { repository: "library/postgres", tag: "17-alpine", uid: 70, gid: 70, probeCommand: ["true"] },
  port: LISTENS_AT,
  // It listens, because a cluster takes a container that does not for hung.
  command: [
    "sh",
    "-c",
    `trap 'exit 0' TERM; while :; do nc -l -p ${LISTENS_AT} -e true; done & while :; do sleep 0.2; done`,
  ],
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

/** More clients than the role may hold fail at the server, and all of them share at most `most` connections through PgBouncer. */
export async function expectShared(
  app: PooledApp,
  server: (statement: string) => Promise<string>,
  { clients, most }: { readonly clients: number; readonly most: number },
): Promise<void> {
  await expect(app.load(clients, 1, ["postgres", "5432"])).rejects.toThrow("too many connections");
  let [running, seen] = [true, 0];
  const watch = (async () => {
    while (running) {
      const count = await server("SELECT count(*) FROM pg_stat_activity WHERE usename = 'apprun'");
      seen = Math.max(seen, Number(count));
    }
  })();
  const report = await app.load(clients, 10, ["pgbouncer", "6432"]).finally(() => (running = false));
  await watch;
  expect(report).toContain("number of failed transactions: 0");
  expect(report).toContain(`number of clients: ${clients}`);
  expect(seen).toBeGreaterThan(1);
  expect(seen).toBeLessThanOrEqual(most);
}
