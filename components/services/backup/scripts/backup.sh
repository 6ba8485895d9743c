# Takes one backup set: dumps, volumes and a manifest in one snapshot, here and in the remote repository.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trees.sh"
. "$(dirname "$0")/points.sh"

readonly SET=/backup/work/set
# A set in which files changed while they were read is taken again, this often.
readonly ATTEMPTS=5

# A dump and the facts of its tables, both of one moment.
dump_database() {
  local database=$1 snapshot dump facts
  coproc HOLD { query "$database" 2>&1; }
  local input=${HOLD[1]} output=${HOLD[0]} hold=$HOLD_PID
  echo "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT pg_export_snapshot();" >&"$input"
  read -r -t 60 snapshot <&"$output" || fail "database $database does not answer; check that the server runs"
  [[ $snapshot =~ ^[0-9A-F-]+$ ]] || fail "database $database: $snapshot"
  pg_dump --format custom --compress 0 --snapshot "$snapshot" --lock-wait-timeout 60s --no-password --file "$SET/postgres/$database.dump" "$database" &
  dump=$!
  table_facts "$database" "SET TRANSACTION SNAPSHOT '$snapshot';" >"$WORK/facts.$database" &
  facts=$!
  wait "$dump" || fail "database $database: pg_dump ended with $?"
  wait "$facts" || fail "database $database: its tables could not be read"
  echo "COMMIT;" >&"$input"
  exec {input}>&-
  wait "$hold" || true
  pg_restore --list "$SET/postgres/$database.dump" >/dev/null || fail "database $database: the dump cannot be read"
  sed "s/^/$database\t/" "$WORK/facts.$database" >>"$WORK/facts"
}

schema_versions() {
  local name database sql
  while IFS=$'\t' read -r name database sql; do
    printf '%s\t%s\n' "$name" "$(query "$database" <<<"$sql")"
  done </etc/backup/schema-versions.tsv
}

# Every generated name and figure as text for one statement that makes the JSON.
write_manifest() {
  local tree
  : >"$WORK/trees"
  for tree in $BACKUP_TREES; do
    printf '%s\t%s\t%s\t%s\t%s\n' "$tree" "$(wc -l <"$SET/trees/$tree.sha256")" "$(cut -f2 "$STATE/trees/$tree" | awk '{ sum += $1 } END { print sum + 0 }')" \
      "$(sha256sum <"$SET/trees/$tree.sha256" | cut -c1-64)" "$(wc -l <"$WORK/hot.$tree")" >>"$WORK/trees"
  done
  (cd "$SET/postgres" && sha256sum ./*.dump roles.sql >dumps.sha256 && stat -c '%n %s' ./*.dump) | sed 's|^\./||' >"$WORK/sizes"
  query postgres -v "set=$1" -v "created=$2" -v "stack=$BACKUP_STACK" -v "images=$(cat /etc/backup/images.json)" -v "keys=$(cat "$FINGERPRINTS")" \
    -v "versions=$(cat "$WORK/versions")" -v "trees=$(cat "$WORK/trees")" -v "sizes=$(cat "$WORK/sizes")" >"$SET/manifest.json" <<SQL
\set facts \`cat $WORK/facts\`
WITH facts AS (SELECT string_to_array(line, E'\t') AS f FROM regexp_split_to_table(:'facts', E'\n') AS line),
     sizes AS (SELECT split_part(line, '.dump ', 1) AS name, split_part(line, '.dump ', 2)::bigint AS bytes FROM regexp_split_to_table(:'sizes', E'\n') AS line),
     tables AS (SELECT f[1] AS name, jsonb_object_agg(f[2], jsonb_build_object('rows', f[3]::bigint, 'checksum', f[4])) AS tables FROM facts WHERE f[2] IS NOT NULL GROUP BY 1),
     trees AS (SELECT string_to_array(line, E'\t') AS f FROM regexp_split_to_table(:'trees', E'\n') AS line WHERE line <> ''),
     versions AS (SELECT string_to_array(line, E'\t') AS f FROM regexp_split_to_table(:'versions', E'\n') AS line WHERE line <> '')
SELECT jsonb_pretty(jsonb_build_object(
  'format', 1, 'set', :'set', 'stack', :'stack', 'createdAt', to_char(to_timestamp(:created) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'createdAtSeconds', :created,
  'postgresMajor', current_setting('server_version_num')::int / 10000, 'images', (:'images')::jsonb, 'keyFingerprints', (:'keys')::jsonb,
  'schemaVersions', (SELECT coalesce(jsonb_object_agg(f[1], f[2]), '{}') FROM versions),
  'databases', (SELECT jsonb_object_agg(sizes.name, jsonb_build_object('owner', pg_get_userbyid(datdba), 'dumpBytes', bytes, 'tables', coalesce(tables.tables, '{}')))
                  FROM sizes LEFT JOIN tables USING (name) JOIN pg_database ON datname = sizes.name),
  'trees', (SELECT coalesce(jsonb_object_agg(f[1], jsonb_build_object('files', f[2]::bigint, 'bytes', f[3]::bigint, 'checksum', f[4], 'unverified', f[5]::int)), '{}') FROM trees)));
SQL
}

# A file that may not be read must never be missing in silence. Root reads all; elsewhere its service may have closed it.
refuse_unreadable() {
  local tree closed
  for tree in $BACKUP_TREES; do
    closed=$(unreadable_in_tree "$tree" | head -n 5)
    [ -z "$closed" ] || fail "volume $tree has files that the backup may not read: ${closed//$'\n'/, }; allowed: files that their group may read; let the service write them so, or: chmod g+rX"
  done
}

# The checksums of the files that the set vouches for: all but those that never held still.
list_trees() {
  local tree
  for tree in $BACKUP_TREES; do
    facts_of_tree "$tree" || return 1
    touch "$WORK/hot.$tree"
    awk -F'\t' -v hot="$WORK/hot.$tree" 'BEGIN { while ((getline line < hot) > 0) skip[line] = 1 }
      { path = $2; sub(/^[0-9]+ [0-9]+ [0-9]+ /, "", path); if (!(path in skip)) print $1 "  " path }' "$STATE/trees/$tree" >"$SET/trees/$tree.sha256"
  done
}

snapshot() {
  local paths=("$SET") excludes=() tree entry
  for tree in $BACKUP_TREES; do
    paths+=("$SOURCES/$tree")
    while read -r entry; do excludes+=(--exclude "$SOURCES/$tree/$entry"); done < <(excluded "$tree")
  done
  repository local backup -q --host "$BACKUP_STACK" --tag "set=$1" "${excludes[@]}" "${paths[@]}" >&2
}

forget() {
  local ids
  ids=$(snapshot_ids "$1" "$2")
  # shellcheck disable=SC2086
  [ -z "$ids" ] || repository "$1" forget -q $ids >&2
}

# Takes the set until no file changed while it was read; in the last attempts files that do not hold still are only carried along.
take_set() {
  local attempt tree changed databases
  for attempt in $(seq "$ATTEMPTS"); do
    if list_trees; then
      write_manifest "$1" "$2"
      snapshot "$1" || fail "restic could not write the set to the local repository; see its message above"
      changed=0
      for tree in $BACKUP_TREES; do
        changed_in_tree "$tree" >"$WORK/changed"
        sed 's/^[0-9]* [0-9]* [0-9]* //' "$WORK/changed" | sort >"$WORK/changed.paths"
        changed=$((changed + $(comm -23 "$WORK/changed.paths" <(sort "$WORK/hot.$tree") | wc -l)))
        if [ "$attempt" -ge $((ATTEMPTS - 2)) ]; then sort -u -o "$WORK/hot.$tree" "$WORK/hot.$tree" "$WORK/changed.paths"; fi
      done
      if [ "$changed" -eq 0 ]; then
        databases=$(cat "$WORK"/hot.* | grep '\.db$' || true)
        [ -z "$databases" ] || fail "a database file is written all the time and cannot be copied as it is: $databases"
        return 0
      fi
      say "$changed files changed while they were read; taking the set again"
    fi
    forget local "set=$1"
  done
  fail "files change faster than they can be read; $ATTEMPTS attempts were made"
}

# keep WHICH DAYS COUNT SIZE: sets within the days and the newest COUNT stay, and of these the oldest go while the repository is larger than SIZE MiB.
keep() {
  local which=$1 size sets
  repository "$which" forget -q --host "$BACKUP_STACK" --tag complete --group-by host --keep-within "$2d" --keep-last "$3" --prune >&2
  drop_points "$which" --prune
  while :; do
    size=$(repository "$which" stats --mode raw-data --json | grep -o '"total_size":[0-9]*' | cut -d: -f2)
    sets=$(snapshot_ids "$which" complete | wc -l)
    if [ "${size:-0}" -le $(($4 * 1048576)) ]; then return 0; fi
    if [ "$sets" -le 1 ]; then
      say "the $which repository is larger than $4 MiB with its last set alone; it is kept"
      return 0
    fi
    say "the $which repository is larger than $4 MiB: forgetting its oldest set"
    repository "$which" forget -q --prune "$(snapshot_ids "$which" complete | head -n 1)" >&2
    drop_points "$which" --prune
  done
}

main() {
  local created set bytes id started=$SECONDS
  take_lock
  trap 'report backup $?' EXIT
  refuse_interrupted_restore
  rm -rf "$WORK"
  mkdir -m 700 "$WORK"
  mkdir -p "$SET/postgres" "$SET/trees"
  cp -r /etc/backup/config "$SET/config"
  PGPASSWORD=$(cat /run/secrets/database-password)
  export PGPASSWORD
  open_repository local --repository-version 2
  # Nobody else works on this repository: the lock above is ours, so whatever locked it is gone.
  repository local unlock -q --remove-all >&2
  refuse_unreadable
  for id in $(repository local snapshots --json --host "$BACKUP_STACK" | grep -o '"tags":\["set=[^"]*"\]' | grep -o 'set=[^"]*' || true); do
    say "forgetting the unfinished $id"
    forget local "$id"
  done

  reach_server
  created=$(date +%s)
  set=$(date -u -d "@$created" +%Y%m%dT%H%M%SZ)
  say "set $set: dumping $BACKUP_DATABASES"
  pg_dumpall --globals-only --no-role-passwords --no-password --file "$SET/postgres/roles.sql"
  : >"$WORK/facts"
  for database in $BACKUP_DATABASES; do dump_database "$database"; done
  [ -s "$WORK/facts" ] || fail "the databases hold no table at all; an empty backup is none; check that the stack was set up"
  schema_versions >"$WORK/versions"
  bytes=$(du -sk "$SET" | cut -f1)
  say "set $set: $((bytes / 1024)) MiB of dumps; reading volumes: $BACKUP_TREES"
  take_set "$set" "$created"

  repository local tag -q --add complete --tag "set=$set" --host "$BACKUP_STACK" >&2
  id=$(snapshot_ids local "set=$set,complete")
  [[ $id =~ ^[0-9a-f]{64}$ ]] || fail "the set is not in the local repository"
  bytes=$(repository local stats --mode restore-size --json "$id" | grep -o '"total_size":[0-9]*' | cut -d: -f2)
  [ "$bytes" -ge "$(awk '{ sum += $2 } END { print sum + 0 }' "$WORK/sizes")" ] || fail "the set is shorter than its dumps: $bytes bytes"
  repository local check -q >&2 || fail "the local repository is damaged; see the message above"
  remember set-bytes "$bytes"
  remember success-local "$created"
  keep local "$BACKUP_LOCAL_DAYS" "$BACKUP_LOCAL_COUNT" "$BACKUP_LOCAL_SIZE"

  if [ -n "$BACKUP_REMOTE" ]; then
    say "set $set: copying to $BACKUP_REMOTE"
    upload "$id" || fail "the set was not uploaded; see the message above"
    [[ $(snapshot_ids remote "set=$set,complete") =~ ^[0-9a-f]{64}$ ]] || fail "the set was uploaded and is not there"
    remember success-remote "$created"
    keep remote "$BACKUP_REMOTE_DAYS" "$BACKUP_REMOTE_COUNT" "$BACKUP_REMOTE_SIZE"
  fi
  # Last: a set counts without it.
  [ -z "$ARCHIVE" ] || take_base "$set"
  remember backup-seconds "$((SECONDS - started))"
  say "set $set is complete"
  query postgres -v "seconds=$((SECONDS - started))" -v "bytes=$bytes" -v "remote=$BACKUP_REMOTE" <<SQL
\set manifest \`cat $SET/manifest.json\`
SELECT jsonb_build_object('set', (:'manifest')::jsonb->>'set', 'seconds', :seconds, 'bytes', :bytes,
  'repositories', CASE WHEN :'remote' = '' THEN '["local"]'::jsonb ELSE '["local", "remote"]' END, 'manifest', (:'manifest')::jsonb);
SQL
}

main
