import type { PooledApp } from "./pooled-app.ts";

/** Clients that keep their connection, and clients that make one for each statement. */
const STAY = 20;
const COME = 3;
const SECONDS = 40;
/** Time between two rows of each, in seconds: programs that start on a busy host come to wait for each other else. */
const PAUSE = 0.5;

/** Each line is what a client was answered, after its kind and number. */
const SCRIPT = `
export PGPASSWORD="$(cat $DB_PASSWORD_FILE)"
ask() { psql -h $DB_HOST -p $DB_PORT -U $DB_USER -d $DB_NAME -XAtq -v ON_ERROR_STOP=1 "$@" 2>&1; }
statements() {
  n=0
  while [ $SECONDS -lt ${SECONDS} ]; do
    n=$((n + 1))
    echo "INSERT INTO rows VALUES ('$1-$2-$n') RETURNING what;"
    sleep ${PAUSE}
  done
}
stay() { statements stay $1 | ask | sed "s/^/stay $1 /"; }
come() { statements come $1 | while read -r statement; do ask -c "$statement" </dev/null | sed "s/^/come $1 /"; done; }
for client in $(seq ${STAY}); do stay $client & done
for client in $(seq ${COME}); do come $client & done
wait`;

const ROW = /^(stay|come)-\d+-\d+$/;
/** The first line of a failure. */
const FAILED = /^(psql: error|server closed|FATAL)/;

/** What became of clients that wrote rows for some time. */
export interface ClientsEnd {
  /** Rows that were acknowledged, by the clients that stayed connected and by those that came and went. */
  readonly acknowledged: { readonly stay: number; readonly come: number };
  /** Clients that lost their connection. */
  readonly cutOff: number;
  /** Connections that were not made, or were lost before the answer. */
  readonly failedToCome: number;
  /** What both were told instead, each line once. */
  readonly told: readonly string[];
  /** Acknowledged rows that the database does not have. */
  readonly missing: readonly string[];
}

export const STAYING_CLIENTS = STAY;

/** What clients are told whose PgBouncer stops, in psql's words. */
export const CUT_OFF = [
  "\tThis probably means the server terminated abnormally",
  "\tbefore or while processing the request.",
  "FATAL:  server shutting down",
  "connection to server was lost",
  "server closed the connection unexpectedly",
];

/** Lets clients of the app write rows, each noting which of them was acknowledged, and says in the end what became of them. */
export async function writingClients(app: PooledApp): Promise<ClientsEnd> {
  const answers = (await app.bash(SCRIPT))
    .trim()
    .split("\n")
    .map((line) => /^(\w+) (\d+) (.*)$/.exec(line)?.slice(1) ?? ["", "", line])
    .map(([kind = "", client = "", text = ""]) => ({ kind, client, text }));
  const rows = answers.flatMap(({ text }) => (ROW.test(text) ? [text] : []));
  const errors = answers.filter(({ text }) => !ROW.test(text));
  const there = new Set((await app.sql("SELECT what FROM rows")).split("\n"));
  const of = (kind: string) => rows.filter((row) => row.startsWith(kind)).length;
  return {
    acknowledged: { stay: of("stay"), come: of("come") },
    cutOff: new Set(errors.filter(({ kind }) => kind === "stay").map(({ client }) => client)).size,
    failedToCome: errors.filter(({ kind, text }) => kind === "come" && FAILED.test(text)).length,
    told: [...new Set(errors.map(({ text }) => text))].sort(),
    missing: rows.filter((row) => !there.has(row)),
  };
}
