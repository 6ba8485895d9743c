# What is known of a server's databases: for scripts that compare one with another.
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C
# The text of a row must be the same wherever it is read.
export PGOPTIONS="-c statement_timeout=0 -c idle_in_transaction_session_timeout=0 -c TimeZone=UTC -c DateStyle=ISO -c IntervalStyle=postgres -c bytea_output=hex -c extra_float_digits=1 -c search_path=pg_catalog"

say() { printf '%s %s\n' "$(date -u +%H:%M:%S)" "$*" >&2; }
fail() {
  printf 'failed: %s\n' "$*" >&2
  exit 1
}

# One statement or script per call: query DATABASE [psql arguments]; tab-separated rows.
query() {
  local database=$1
  shift
  psql -XAtq -F $'\t' -v ON_ERROR_STOP=1 -d "$database" "$@"
}

# Rows and an order-independent checksum of every table that a dump holds.
# $2 is a statement that comes first in the transaction.
table_facts() {
  query "$1" <<SQL
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
$2
SELECT format('SELECT %L, count(*), coalesce(sum((''x'' || left(md5(backed_up::text), 16))::bit(64)::bigint), 0) FROM %I.%I AS backed_up', nspname || '.' || relname, nspname, relname)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind = 'r' AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
 ORDER BY nspname COLLATE "C", relname COLLATE "C" \gexec
COMMIT;
SQL
}
