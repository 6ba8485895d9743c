# Fills the volume of a new PostgreSQL major from the running server of the old one.
# Nobody can write meanwhile, readers go on. The old server's volume is never
# changed, and nobody is kept out of it before the new one was compared with it.
. "$(dirname "$0")/facts.sh"

# A fresh volume may belong to root.
if [ "$(id -u)" = 0 ]; then
  chown "$(id -u postgres):$(id -g postgres)" "$UPGRADE_VOLUME"
  exec gosu postgres bash "$0"
fi

# MARK: everything is here. REOPEN: what opens the old server again, once it is closed.
readonly MARK=$UPGRADE_VOLUME/upgraded-from-$UPGRADE_FROM REOPEN=$UPGRADE_VOLUME/reopen.sql
readonly PASSWORDS_FILE=/run/secrets/administrator-passwords
export PGAPPNAME=postgres-upgrade PGCONNECT_TIMEOUT=10
WORK=$(mktemp -d)
readonly WORK
# Everything below asks the old server, but for what runs in here.
in_new() { PGHOST=$WORK "$@"; }

ended() {
  local code=$?
  if [ -e "$PGDATA/postmaster.pid" ]; then pg_ctl stop --silent --mode immediate >&2 || true; fi
  if [ "$code" -ne 0 ] && [ ! -e "$MARK" ]; then
    reopen
    rm -rf "$PGDATA"
    say "the upgrade failed; the server of PostgreSQL $UPGRADE_FROM and its data are as they were"
  fi
}

# The first password that the server takes: it may be one from before a rotation.
log_in() {
  while read -r PGPASSWORD; do
    export PGPASSWORD
    if query postgres <<<"SELECT" >"$WORK/login" 2>&1; then return; fi
  done <"$PASSWORDS_FILE"
  fail "the server takes none of the administrator's passwords: $(tail -n 1 "$WORK/login")"
}

# Whether nobody but a superuser may connect to the old server any more.
closed() { [ "$(query postgres <<<"$UPGRADE_CLOSED")" = t ]; }

# One session a database: it keeps writers and changes of tables out as long as this script lives.
hold_writers() {
  local database=$1 number=$2 holder
  mkfifo "$WORK/hold.$number"
  query "$database" <"$WORK/hold.$number" >"$WORK/held.$number" 2>&1 &
  holder=$!
  exec {input}>"$WORK/hold.$number"
  cat >&"$input" <<'SQL'
BEGIN;
SET LOCAL lock_timeout = '60s';
LOCK TABLE pg_class, pg_largeobject_metadata IN SHARE MODE;
SELECT format('LOCK TABLE %I.%I IN SHARE MODE', nspname, relname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind IN ('r', 'p') AND relpersistence <> 't' AND nspname !~ '^pg_' AND nspname <> 'information_schema' \gexec
SELECT 'held';
SQL
  until grep -qx held "$WORK/held.$number"; do
    kill -0 "$holder" 2>"$WORK/none" || fail "database $database: its writers cannot be held: $(tail -n 1 "$WORK/held.$number"); end what writes there for minutes, and run it again"
    sleep 0.2
  done
}

start_new_server() {
  rm -rf "$PGDATA"
  env -u LC_ALL initdb --pgdata "$PGDATA" --username "$PGUSER" --pwfile "$PASSWORDS_FILE" --no-sync >"$WORK/initdb" 2>&1 || fail "no new server: $(tail -n 3 "$WORK/initdb")"
  # What the image's entrypoint adds: everyone from elsewhere needs a password.
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  # Without fsync: what is not marked as complete is thrown away, and everything is written out before the mark.
  pg_ctl start --silent --wait --log "$WORK/log" \
    --options "-c listen_addresses='' -k $WORK -c shared_buffers=64MB -c maintenance_work_mem=64MB -c max_wal_size=1GB -c fsync=off -c autovacuum=off" >&2 ||
    fail "no new server: $(tail -n 3 "$WORK/log")"
}

# Roles with their passwords, then every database. The administrator is there already.
load() {
  pg_dumpall --no-password --lock-wait-timeout 60s | sed "1,/^\\\\connect /{/^CREATE ROLE \"\\{0,1\\}$PGUSER\"\\{0,1\\};\$/d;}" |
    in_new psql -Xq -v ON_ERROR_STOP=1 -d postgres >"$WORK/loaded" || fail "PostgreSQL $UPGRADE_TO does not take the dump of $UPGRADE_FROM; see the message above; where it does not know a parameter, its image is older than the newest minor release of $UPGRADE_FROM: pull or pin a newer one"
  in_new vacuumdb --all --analyze-only --jobs 2 --quiet
}

# What belongs to no database.
server_facts() {
  query postgres <<'SQL'
SELECT 'role', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit, rolvaliduntil, md5(rolpassword) FROM pg_authid WHERE rolname !~ '^pg_' ORDER BY 2;
SELECT 'member', g.rolname, m.rolname, bool_or(admin_option) FROM pg_auth_members JOIN pg_authid g ON g.oid = roleid JOIN pg_authid m ON m.oid = member WHERE m.rolname !~ '^pg_' GROUP BY 2, 3 ORDER BY 2, 3;
SELECT 'database', datname, datdba::regrole, pg_encoding_to_char(encoding), datcollate, datctype, datallowconn, datconnlimit FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1') ORDER BY 2;
SQL
}

large_objects() {
  query "$1" <<'SQL'
WITH sizes AS (SELECT loid, max(pageno + 1)::bigint * 2048 AS bytes FROM pg_largeobject GROUP BY loid)
SELECT 'large object', loid, md5(string_agg(md5(lo_get(loid, part * 8388608, 8388608)), '' ORDER BY part)) FROM sizes, generate_series(0, bytes / 8388608) part GROUP BY loid ORDER BY loid;
SQL
}

# Sequences and the number of everything else; what belongs to an extension is its own affair, and differs between its versions.
object_facts() {
  query "$1" <<'SQL'
SELECT 'sequence', schemaname, sequencename, last_value, increment_by FROM pg_sequences ORDER BY schemaname COLLATE "C", sequencename COLLATE "C";
SELECT 'large objects', count(*) FROM pg_largeobject_metadata;
SELECT 'extension', extname FROM pg_extension ORDER BY 2;
SELECT 'relations', relkind, count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e') GROUP BY 2 ORDER BY 2;
SELECT 'functions', count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e');
SELECT 'triggers', count(*) FROM pg_trigger WHERE NOT tgisinternal;
SELECT 'policies', count(*) FROM pg_policy;
SELECT 'constraints', contype, count(*) FROM pg_constraint JOIN pg_namespace n ON n.oid = connamespace WHERE contype <> 'n' AND nspname !~ '^pg_' AND nspname <> 'information_schema' GROUP BY 2 ORDER BY 2;
SQL
}

facts() {
  local database
  server_facts
  for database in $databases; do
    echo "-- $database"
    table_facts "$database" ""
    large_objects "$database"
    object_facts "$database"
  done
}

compare() {
  facts >"$WORK/old" || fail "the facts of the old server cannot be read"
  in_new facts >"$WORK/new" || fail "the facts of the new server cannot be read"
  cmp -s "$WORK/old" "$WORK/new" || fail "PostgreSQL $UPGRADE_TO holds other data than $UPGRADE_FROM; first differences: $(diff "$WORK/old" "$WORK/new" | head -n 5)"
}

# Twice a second.
readonly CLOSING_TRIES=120

# Ends everybody else's sessions at the old server, and says whose they were.
end_others() {
  query postgres <<'SQL'
SELECT string_agg(DISTINCT format('role %s from %s', usename, coalesce(host(client_addr), 'the server''s own container')), ', ') FILTER (WHERE pg_terminate_backend(pid, 5000) IS NOT NULL)
  FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name <> 'postgres-upgrade';
SQL
}

# From here on only the new server counts: what is written to the old one would be lost.
close_old_server() {
  local database others tries=0
  query postgres <<<"SELECT format('ALTER DATABASE %I CONNECTION LIMIT %s;', datname, datconnlimit) FROM pg_database WHERE datallowconn" >"$REOPEN"
  query postgres <<'SQL' || fail "the old server cannot be closed"
BEGIN;
SELECT format('ALTER DATABASE %I CONNECTION LIMIT 0', datname) FROM pg_database WHERE datallowconn \gexec
COMMIT;
SQL
  until others=$(end_others) && [ -z "$others" ]; do
    tries=$((tries + 1))
    # No limit of connections keeps a superuser out, and what one writes to the old server now would be lost.
    [ "$tries" -lt "$CLOSING_TRIES" ] || fail "somebody connects again and again: $others; allowed: no superuser while it runs; end that and run it again"
    sleep 0.5
  done
  # No lock keeps writers out of large objects that are there: a read takes the same one.
  for database in $databases; do large_objects "$database"; done >"$WORK/last"
  { grep $'^large object\t' "$WORK/old" || true; } | cmp -s - "$WORK/last" || fail "a large object was written meanwhile; stop what writes them and run it again"
}

reopen() {
  [ -e "$REOPEN" ] || return 0
  query postgres --file "$REOPEN" && rm -f "$REOPEN" && say "the server of PostgreSQL $UPGRADE_FROM is open again"
}

main() {
  local try=0 version database number=0 started=$SECONDS
  until pg_isready --quiet --timeout 3; do
    try=$((try + 1))
    if [ "$try" -ge 20 ]; then
      if [ -e "$MARK" ]; then
        say "the data of PostgreSQL $UPGRADE_FROM is there since an earlier upgrade"
        return
      fi
      fail "no server answers at $PGHOST; allowed: a running server of PostgreSQL $UPGRADE_FROM whose data the new one takes over; bring it up first, or remove apprun:postgres.upgradeFrom where there is none"
    fi
    sleep 1
  done
  log_in
  version=$(query postgres <<<"SELECT current_setting('server_version_num')::int / 10000")
  if [ "$version" = "$UPGRADE_TO" ] && [ -e "$MARK" ]; then
    say "the server is PostgreSQL $UPGRADE_TO already"
    return
  fi
  [ "$version" = "$UPGRADE_FROM" ] || fail "the server at $PGHOST is PostgreSQL $version; allowed: $UPGRADE_FROM, as apprun:postgres.upgradeFrom says; correct it, or remove it where nothing is to be upgraded"
  if [ -e "$MARK" ] && closed; then
    say "everything was loaded and compared before; the new server takes over"
    return
  fi
  rm -f "$MARK"
  reopen
  trap ended EXIT
  trap 'exit 143' TERM INT
  databases=$(query postgres <<<"SELECT datname FROM pg_database WHERE datallowconn ORDER BY datname COLLATE \"C\"")
  say "holding the writers of: ${databases//$'\n'/ }"
  for database in $databases; do
    number=$((number + 1))
    hold_writers "$database" "$number"
  done
  start_new_server
  say "loading PostgreSQL $UPGRADE_FROM into $UPGRADE_TO"
  load
  say "comparing $((SECONDS - started)) s after the start"
  compare
  pg_ctl stop --silent --wait --mode fast >&2
  initdb --sync-only --pgdata "$PGDATA" >"$WORK/sync" 2>&1 || fail "the new data cannot be written out: $(tail -n 1 "$WORK/sync")"
  close_old_server
  : >"$MARK"
  sync "$MARK" "$UPGRADE_VOLUME"
  say "$(grep -c . "$WORK/old") facts are equal; PostgreSQL $UPGRADE_FROM held its writers for $((SECONDS - started)) s"
}

main
