# Proves the newest backup set: restores it into a throw-away PostgreSQL and a
# throw-away directory, and compares every count and checksum. Takes the given
# repository, or without one the repository whose turn it is.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/points.sh"
. "$(dirname "$0")/trees.sh"
. "$(dirname "$0")/recover.sh"

readonly SERVER=$WORK/server

# PostgreSQL refuses to run as root, and only root can become another user.
as_server() { if [ "$(id -u)" -eq 0 ]; then gosu postgres "$@"; else "$@"; fi; }

ended() {
  local code=$?
  if [ -d "$SERVER/data" ]; then as_server pg_ctl stop --silent --pgdata "$SERVER/data" --mode immediate >&2 || true; fi
  stop_point
  report drill "$code"
}

# A server that only this script can reach.
start_server() {
  mkdir -p "$SERVER"
  [ "$(id -u)" -ne 0 ] || chown postgres "$SERVER"
  as_server initdb --pgdata "$SERVER/data" --username postgres --auth trust --encoding UTF8 --locale C >"$WORK/initdb" 2>&1 || fail "no throw-away server: $(tail -n 3 "$WORK/initdb")"
  as_server pg_ctl start --silent --wait --pgdata "$SERVER/data" --log "$SERVER/log" \
    --options "-c listen_addresses='' -k $SERVER -c shared_buffers=64MB -c maintenance_work_mem=64MB -c max_wal_size=1GB" >&2 9>&- || fail "no throw-away server: $(tail -n 3 "$SERVER/log")"
  export PGHOST=$SERVER PGPORT=5432 PGUSER=postgres PGSSLMODE=disable
}

# The newest moment that the repository alone brings back: every row of every table can be read. Prints the moment.
prove_moment() {
  local which=$1 system moment database
  system=$(base_before "$which" "$(date +%s)" | cut -f4)
  moment=$(newest_moment "$which" "$system")
  (
    recover_to "$which" "$moment"
    for database in $BACKUP_DATABASES; do table_facts "$database" "" >/dev/null || fail "database $database of $(utc "$moment") cannot be read whole"; done
  ) >&2
  stop_point
  echo "$moment"
}

# The repository that was drilled longest ago; the remote one first: what was uploaded is what a lost host needs.
in_turn() {
  if [ -n "$BACKUP_REMOTE" ] && [ "$(remembered drilled-remote)" -le "$(remembered drilled-local)" ]; then echo remote; else echo local; fi
}

main() {
  local which=${1:-} id set manifest database tree created seconds moment=0 started=$SECONDS
  take_lock
  trap ended EXIT
  rm -rf "$WORK"
  # The throw-away server's user must get through.
  mkdir -m 711 "$WORK"
  [ -n "$which" ] || which=$(in_turn)
  [ "$which" != remote ] || [ -n "$BACKUP_REMOTE" ] || fail "got the remote repository, and this stack has none; allowed: local; set apprun:backup.remote"
  open_repository "$which"
  # A set without some of the files is proven only where there is no other.
  id=$(snapshot_ids "$which" complete | tail -n 1)
  [ -n "$id" ] || id=$(snapshot_ids "$which" partial | tail -n 1)
  [ -n "$id" ] || fail "the $which repository has no complete set; run: npm run backup"
  say "restoring the newest set of the $which repository"
  mkdir -m 700 "$WORK/restored"
  repository "$which" restore "$id" -q --sparse --target "$WORK/restored" >&2 || fail "the newest set cannot be read whole; see the message above"
  set=$WORK/restored/backup/work/set
  manifest=$set/manifest.json
  [ -s "$manifest" ] || fail "the newest set has no manifest"
  check_dumps "$set"
  start_server
  create_missing_roles "$set/postgres/roles.sql"
  for database in $(query postgres <<<"\\set manifest \`cat $manifest\`
SELECT jsonb_object_keys((:'manifest')::jsonb->'databases')"); do
    say "loading and comparing database $database"
    # A database of its own for what every cluster has.
    load_database "$set/postgres/$database.dump" "drill_$database" "$(manifest_value "$manifest" "{databases,$database,owner}")"
    compare_facts "$manifest" "$database" "drill_$database"
    query postgres <<<"DROP DATABASE \"drill_$database\""
  done
  for tree in $(cd "$set/trees" && find . -name '*.sha256' | sed 's/^\.\///; s/\.sha256$//' | sort); do
    say "comparing the files of $tree"
    check_tree "$set/trees/$tree" "$WORK/restored$SOURCES/$tree"
  done
  [ -z "$ARCHIVE" ] || moment=$(prove_moment "$which")
  created=$(manifest_value "$manifest" '{createdAtSeconds}')
  seconds=$((SECONDS - started))
  remember proven "$created"
  remember "proven-$which" "$created"
  remember "drilled-$which" "$(date +%s)"
  manifest_value "$manifest" '{set}' >>"$STATE/proven-sets"
  remember drill-seconds "$seconds"
  query postgres -v "repository=$which" -v "rto=$seconds" -v "rpo=$(($(date +%s) - created))" -v "moment=$moment" <<SQL
\\set manifest \`cat $manifest\`
WITH m AS (SELECT (:'manifest')::jsonb AS m),
     t AS (SELECT d.key AS name, count(*) AS tables, coalesce(sum((t.value->>'rows')::bigint), 0) AS rows FROM m, jsonb_each(m->'databases') d, jsonb_each(d.value->'tables') t GROUP BY 1)
SELECT jsonb_build_object('set', m->>'set', 'createdAt', m->>'createdAt', 'repository', :'repository', 'rtoSeconds', :rto, 'rpoSeconds', :rpo,
  'pointInTime', CASE WHEN :moment > 0 THEN to_char(to_timestamp(:moment) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') END,
  'databases', (SELECT jsonb_object_agg(name, jsonb_build_object('tables', tables, 'rows', rows)) FROM t),
  'trees', (SELECT coalesce(jsonb_object_agg(key, value->'files'), '{}') FROM jsonb_each(m->'trees'))) FROM m;
SQL
  say "set proven in $seconds s"
}

main "$@"
