# tables.sh DATABASE: the tables that it has, one name a line.
. "$(dirname "$0")/lib.sh"

PGPASSWORD=$(cat /run/secrets/database-password)
export PGPASSWORD
reach_server
query "$1" <<'SQL'
SELECT nspname || '.' || relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind IN ('r', 'p') AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
 ORDER BY 1;
SQL
