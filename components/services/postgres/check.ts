import type { JobSpec } from "../../model/workload.ts";
import { serverProblemsSql, type ServerNeeds } from "./check-sql.ts";
import { adminPsql, psqlJob, SQL_FILE, type PsqlJobArgs } from "./psql-job.ts";

/** Tries of the first connection, a second apart: a new container's way out may open some seconds after its start. */
const TRIES = 20;

/** Prints everything that is missing at once; a server that does not let us in is the only thing that can be said then. */
const CHECK = `say() { echo "PostgreSQL at $PGHOST:$PGPORT, as role $PGUSER with sslmode $PGSSLMODE, is not what the stack needs; nothing was changed there:"; }
try=1
until answer=$(${adminPsql("--command 'SELECT 1'")} 2>&1); do
  case "$answer" in *FATAL* | *SSL* | *certificate*) try=${TRIES} ;; esac
  if [ "$try" -ge ${TRIES} ]; then
    say
    echo "  $answer"
    echo "  see apprun:postgres.external (host, port, adminUser, sslMode, ca) and the secret apprun:postgresAdminPassword"
    exit 1
  fi
  try=$((try + 1))
  sleep 1
done
problems=$(${adminPsql(`--tuples-only --no-align --file ${SQL_FILE}`)}) || exit 1
if [ -z "$problems" ]; then exit 0; fi
say
echo "$problems" | sed 's/^/  /'
exit 1`;

/** A job that ends well only on a server that has everything; it comes before whatever makes something there. */
export function postgresCheckJob({
  needs,
  ...job
}: Omit<PsqlJobArgs, "sql" | "dependsOn"> & { readonly needs: ServerNeeds }): JobSpec {
  return { ...psqlJob({ ...job, sql: serverProblemsSql(needs), dependsOn: [] }), args: [CHECK] };
}
