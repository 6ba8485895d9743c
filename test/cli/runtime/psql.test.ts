import { expect, it } from "vitest";
import { psqlCommand, type Session } from "../../../cli/runtime/psql.ts";

const SESSION: Session = {
  mode: "container",
  database: "apprun",
  role: "apprun",
  superuser: "postgres",
  write: false,
  interactive: true,
  args: [],
};

it.each<[Partial<Session>, string]>([
  [
    {},
    "env PGOPTIONS=-c default_transaction_read_only=on PSQL_HISTORY=/dev/null psql --no-psqlrc --username apprun --dbname apprun",
  ],
  [{ write: true }, "env PSQL_HISTORY=/dev/null psql --no-psqlrc --username apprun --dbname apprun"],
  [
    { interactive: false, write: true },
    "env PSQL_HISTORY=/dev/null psql --no-psqlrc --set ON_ERROR_STOP=1 --username apprun --dbname apprun",
  ],
  [
    { mode: "operator" },
    "env PGOPTIONS=-c role=apprun -c default_transaction_read_only=on PSQL_HISTORY=/dev/null psql --no-psqlrc --username postgres --dbname apprun",
  ],
  [
    { mode: "operator", role: "postgres", write: true },
    "env PSQL_HISTORY=/dev/null psql --no-psqlrc --username postgres --dbname apprun",
  ],
  [
    { mode: "external", write: true },
    'env PSQL_HISTORY=/dev/null sh -c PGPASSWORD=$(cat /run/secrets/database-password) exec "$@" psql psql --no-psqlrc --dbname apprun',
  ],
])("a session with %j has no password on its command line", (changes, command) => {
  expect(psqlCommand({ ...SESSION, ...changes }).join(" ")).toBe(command);
});
