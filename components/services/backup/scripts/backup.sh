# Takes one backup set: dumps, volumes and a manifest in one snapshot, here and in the remote repository.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/trees.sh"
. "$(dirname "$0")/points.sh"
. "$(dirname "$0")/manifest.sh"
. "$(dirname "$0")/keep.sh"

readonly SET=/backup/work/set
# A set in which files changed while they were read is taken again, this often.
readonly ATTEMPTS=5
# In the last attempts files that were written in this many seconds count as moving.
readonly LATELY=900

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

# The volumes whose files the set has.
trees() {
  local tree
  for tree in $BACKUP_TREES; do if ! grep -q "^$tree"$'\t' "$WORK/given-up"; then echo "$tree"; fi; done
}

# give_up TREE REASON: the set goes on without these files, and the run fails once it is safe.
give_up() {
  say "volume $1 is left out: $2"
  printf '%s\t%s\n' "$1" "$2" >>"$WORK/given-up"
  rm -f "$SET/trees/$1".*
}

# A file that may not be read must never be missing in silence. Root reads all; elsewhere its service may have closed it.
refuse_unreadable() {
  local tree closed
  for tree in $(trees); do
    closed=$(unreadable_in_tree "$tree" | shown_paths)
    [ -z "$closed" ] || give_up "$tree" "files that the backup may not read: $closed; allowed: files that their group may read; let the service write them so, or: chmod g+rX"
  done
}

# list_trees ATTEMPT: what the set vouches for: all files except for those that do not hold still.
list_trees() {
  local tree long
  for tree in $(trees); do
    list_tree "$tree" "$WORK/files.$tree"
    long=$(too_long "$WORK/files.$tree" | shown_paths)
    if [ -n "$long" ]; then
      give_up "$tree" "paths that are longer than $LONGEST_PATH letters: $long; allowed: shorter ones, which can be restored"
      continue
    fi
    touch "$WORK/hot.$tree"
    if [ "$1" -ge $((ATTEMPTS - 1)) ]; then
      written_lately "$WORK/files.$tree" "$LATELY" | sort -u -o "$WORK/hot.$tree" "$WORK/hot.$tree" -
    fi
    vouch "$WORK/files.$tree" "$WORK/hot.$tree" "$SET/trees/$tree"
  done
}

# Errors of restic's JSON as a line of words each; what else it says stays as it is.
readable_errors() { sed 's/^{"message_type":"error","error":{"message":"\(.*\)"},"during":"\([^"]*\)","item":"\(.*\)"}$/error during \2 of \3: \1/'; }

# snapshot SET: restic's exit code 3 says that it could not read everything.
snapshot() {
  local paths=("$SET") excludes=() tree entry code=0
  for tree in $(trees); do
    paths+=("$SOURCES/$tree")
    while read -r entry; do excludes+=(--exclude "$SOURCES/$tree/$entry"); done < <(excluded "$tree")
  done
  # Its last line says what it stored, which another call of restic would have to be asked for.
  repository local backup -q --json --host "$BACKUP_STACK" --tag "set=$1" "${excludes[@]}" "${paths[@]}" >"$WORK/stored" 2>"$WORK/restic" || code=$?
  readable_errors <"$WORK/restic" >&2
  [ "$code" -eq 0 ] || [ "$code" -eq 3 ] || fail "restic could not write the set to the local repository; see its message above"
  return "$code"
}

forget() {
  local ids
  ids=$(snapshot_ids "$1" "$2")
  # shellcheck disable=SC2086
  [ -z "$ids" ] || { owe_prune "$1" && repository "$1" forget -q $ids >&2; }
}

# What moved since it was listed is marked as hot. Prints how much of it was not before; gives up what cannot be copied as it is.
moved_since_listed() {
  local tree attempt=$1 moved=0 databases
  for tree in $(trees); do
    changed_in_tree "$tree" "$WORK/files.$tree" >"$WORK/changed"
    moved=$((moved + $(comm -23 "$WORK/changed" <(sort "$WORK/hot.$tree") | wc -l)))
    [ "$attempt" -eq 1 ] || sort -u -o "$WORK/hot.$tree" "$WORK/hot.$tree" "$WORK/changed"
    databases=$({ grep '\.db$' "$WORK/changed" || true; } | shown_paths)
    if [ "$attempt" -ge "$ATTEMPTS" ] && [ -n "$databases" ]; then
      give_up "$tree" "a database file is written all the time and cannot be copied as it is: $databases"
    fi
  done
  echo "$moved"
}

# Trees that restic said it could not read, or all where it did not say.
give_up_unread() {
  local tree found=
  for tree in $(trees); do
    if grep -q "${SOURCES:?}/${tree}[/\" ]" "$WORK/restic"; then
      found=1
      give_up "$tree" "restic could not read all of it: $(grep -m 1 "${SOURCES:?}/${tree}[/\" ]" "$WORK/restic" | readable_errors | tr -dc '[:print:]')"
    fi
  done
  [ -z "$found" ] || return 0
  [ -n "$(trees)" ] || fail "restic could not read the dumps; see its message above"
  for tree in $(trees); do give_up "$tree" "restic could not read all files; see its message above"; done
}

# Takes the set until no file changed while it was read. In the last attempts files that do not hold still are only carried along.
take_set() {
  local attempt moved code given_up
  for ((attempt = 1; ; attempt++)); do
    list_trees "$attempt"
    write_manifest "$1" "$2"
    code=0
    snapshot "$1" || code=$?
    given_up=$(wc -l <"$WORK/given-up")
    moved=$(moved_since_listed "$attempt")
    if [ "$code" -ne 0 ] && [ "$attempt" -ge "$ATTEMPTS" ]; then give_up_unread; fi
    # Nobody vouches for a file with another time than the list has; see check_tree.
    if [ "$code" -eq 0 ] && [ "$given_up" -eq "$(wc -l <"$WORK/given-up")" ] && { [ "$moved" -eq 0 ] || [ "$attempt" -ge "$ATTEMPTS" ]; }; then return 0; fi
    say "$moved files changed while they were read; taking the set again"
    forget local "set=$1"
  done
}

main() {
  local created set bytes id which tag=complete started=$SECONDS
  while [ $# -gt 0 ]; do
    case "$1" in
      --new-repository) readonly NEW_REPOSITORY=yes ;;
      --take-over) readonly TAKE_OVER=yes ;;
      *) fail "got $1; allowed: --new-repository, --take-over" ;;
    esac
    shift
  done
  take_lock
  trap 'report backup $?' EXIT
  refuse_interrupted_restore
  rm -rf "$WORK"
  mkdir -m 700 "$WORK"
  mkdir -p "$SET/postgres" "$SET/trees"
  : >"$WORK/given-up"
  cp -r /etc/backup/config "$SET/config"
  PGPASSWORD=$(cat /run/secrets/database-password)
  export PGPASSWORD
  open_repository local --repository-version 2
  # Nobody else works on this repository: the lock above is ours, so whatever locked it is gone.
  [ -z "$(ls "$LOCAL_REPOSITORY/locks")" ] || repository local unlock -q --remove-all >&2
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
  refuse_unreadable
  take_set "$set" "$created"

  bytes=$(grep -o '"total_bytes_processed":[0-9]*' "$WORK/stored" | cut -d: -f2 || true)
  [ "${bytes:-0}" -ge "$(awk '{ sum += $2 } END { print sum + 0 }' "$WORK/sizes")" ] || fail "the set is shorter than its dumps: ${bytes:-0} bytes"
  repository local check -q >&2 || fail "the local repository is damaged; see the message above"
  # A set without some of the files has the databases; it never pushes a complete one out.
  if [ -s "$WORK/given-up" ]; then
    tag=partial
    for which in local remote; do remember "partial-$which" some; done
  fi
  repository local tag -q --add "$tag,$(fitness_tags | paste -s -d , -)" --tag "set=$set" --host "$BACKUP_STACK" >&2
  forget_old local
  id=$(kept_id local "$set")
  [[ $id =~ ^[0-9a-f]{64}$ ]] || fail "the set is not in the local repository"
  remember set-bytes "$bytes"
  [ "$tag" = partial ] || remember success-local "$created"
  keep local

  if [ -n "$BACKUP_REMOTE" ]; then
    say "set $set: copying to $BACKUP_REMOTE"
    upload "$id" || fail "the set was not uploaded; see the message above"
    forget_old remote
    [[ $(kept_id remote "$set") =~ ^[0-9a-f]{64}$ ]] || fail "the set was uploaded and is not there"
    [ "$tag" = partial ] || remember success-remote "$created"
    keep remote
  fi
  # Last: a set counts without it.
  [ -z "$ARCHIVE" ] || take_base "$set"
  [ "$tag" = complete ] || fail "set $set has all databases, and not the files of: $(sed 's/\t/ (/; s/$/)/' "$WORK/given-up" | paste -s -d ' ' -)"
  remember backup-seconds "$((SECONDS - started))"
  say "set $set is complete"
  query postgres -v "seconds=$((SECONDS - started))" -v "bytes=$bytes" -v "remote=$BACKUP_REMOTE" <<SQL
\set manifest \`cat $SET/manifest.json\`
SELECT jsonb_build_object('set', (:'manifest')::jsonb->>'set', 'seconds', :seconds, 'bytes', :bytes,
  'repositories', CASE WHEN :'remote' = '' THEN '["local"]'::jsonb ELSE '["local", "remote"]' END, 'manifest', (:'manifest')::jsonb);
SQL
}

main "$@"
