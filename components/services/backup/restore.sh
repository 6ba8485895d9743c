# Brings a backup set back in steps, so that nothing is overwritten before
# everything new is there and compared:
#   recover                 puts back what an interrupted swap left
#   prepare WHICH SNAPSHOT  loads new databases and files beside the old ones
#   swap                    old aside, new in place; nobody may use them meanwhile
#   undo                    the old back in place, the new removed
#   finish                  removes the old
. "$(dirname "$0")/lib.sh"

readonly SET=$WORK/restored/backup/work/set MARK=$STATE/swap
# The postgres database of the server's administrator, who makes and renames databases.
PGPASSWORD=$(cat /run/secrets/admin-password)
export PGPASSWORD PGUSER=$BACKUP_ADMIN

exists() { [ "$(query postgres -v "name=$1" <<<"SELECT count(*) FROM pg_database WHERE datname = :'name'")" = 1 ]; }

drop() {
  if exists "$1"; then query postgres <<<"DROP DATABASE \"$1\" WITH (FORCE)"; fi
}

# Nobody may be connected to a database that is renamed, nor connect while it is.
rename() {
  query postgres -v "from=$1" <<SQL
ALTER DATABASE "$1" ALLOW_CONNECTIONS false;
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = :'from' \\g /dev/null
ALTER DATABASE "$1" RENAME TO "$2";
ALTER DATABASE "$2" ALLOW_CONNECTIONS $3;
SQL
}

# Moves every entry of a directory but those of a restore itself.
move_entries() { find "$1" -mindepth 1 -maxdepth 1 ! -name .restoring ! -name .before-restoring -exec mv {} "$2/" \;; }

# Until the mark says done, the old data is what counts.
recover() {
  local database tree root
  if [ "$(cat "$MARK" 2>/dev/null)" = swapping ]; then
    say "an interrupted restore is undone"
    for database in $BACKUP_DATABASES; do
      if exists "${database}__before"; then
        drop "${database}__restoring"
        if exists "$database"; then rename "$database" "${database}__restoring" true; fi
        rename "${database}__before" "$database" true
      fi
    done
    for tree in $BACKUP_TREES; do
      root=$SOURCES/$tree
      if [ -e "$root/.before-restoring/.restoring-complete" ]; then
        find "$root" -mindepth 1 -maxdepth 1 ! -name .restoring ! -name .before-restoring -exec rm -rf {} +
        rm "$root/.before-restoring/.restoring-complete"
      fi
      if [ -d "$root/.before-restoring" ]; then move_entries "$root/.before-restoring" "$root"; fi
    done
  fi
  for database in $BACKUP_DATABASES; do
    if exists "$database"; then query postgres <<<"ALTER DATABASE \"$database\" ALLOW_CONNECTIONS true"; fi
    drop "${database}__restoring"
    drop "${database}__before"
  done
  for tree in $BACKUP_TREES; do rm -rf "$SOURCES/$tree/.restoring" "$SOURCES/$tree/.before-restoring"; done
  rm -f "$MARK"
}

# Refuses a set that this stack cannot use.
check_manifest() {
  local manifest=$SET/manifest.json name database sql mine theirs wrong
  [ -s "$manifest" ] || fail "the set has no manifest; allowed: complete sets; choose another with: npm run restore -- --list"
  name=$(manifest_value "$manifest" '{stack}')
  [ "$name" = "$FROM" ] || fail "the set is of stack $name; allowed: sets of $FROM; nothing was overwritten"
  theirs=$(manifest_value "$manifest" '{postgresMajor}')
  mine=$(query postgres <<<"SELECT current_setting('server_version_num')::int / 10000")
  [ "$theirs" -le "$mine" ] || fail "the set is of PostgreSQL $theirs, the server is $mine; allowed: a server of the same major version or a newer one"
  wrong=$(query postgres -v "mine=$(cat "$FINGERPRINTS")" <<SQL
\\set manifest \`cat $manifest\`
SELECT string_agg(key, ', ' ORDER BY key) FROM jsonb_each_text((:'manifest')::jsonb->'keyFingerprints') WHERE value IS DISTINCT FROM (:'mine')::jsonb->>key;
SQL
  )
  [ -z "$wrong" ] || fail "the set's data is encrypted with other keys than this stack has: $wrong; allowed: the same keys; bring back the state that has them (npm run state -- restore), or take them from the stack that has them (npm run keys -- --from STACK)"
  while IFS=$'\t' read -r name database sql; do
    theirs=$(manifest_value "$manifest" "{schemaVersions,$name}")
    mine=$(query "$database" <<<"$sql")
    if [ -n "$theirs" ] && [ "$(printf '%s\n%s\n' "$theirs" "$mine" | sort -V | tail -n 1)" != "$mine" ]; then
      fail "the set has schema $theirs of $name, the stack has ${mine:-none}; allowed: the same or an older one, which its migration brings up; deploy the newer image first: $(manifest_value "$manifest" "{images,$name}")"
    fi
  done </etc/backup/schema-versions.tsv
}

prepare() {
  local which=$1 id=$2 database tree root
  recover
  rm -rf "$WORK"
  mkdir -m 700 "$WORK"
  open_repository "$which"
  say "reading set ${id:0:8} from the $which repository"
  repository "$which" restore -q --no-lock "$id:/backup/work/set" --target "$SET" >&2 || fail "the set cannot be read whole; see the message above; nothing was overwritten"
  check_manifest
  check_dumps "$SET"
  create_missing_roles "$SET/postgres/roles.sql"
  for database in $BACKUP_DATABASES; do
    say "loading and comparing database $database"
    load_database "$SET/postgres/$database.dump" "${database}__restoring" "$(manifest_value "$SET/manifest.json" "{databases,$database,owner}")" ||
      fail "database $database cannot be loaded; see the message above; nothing was overwritten"
    compare_facts "$SET/manifest.json" "$database" "${database}__restoring"
  done
  for tree in $BACKUP_TREES; do
    root=$SOURCES/$tree
    if [ ! -e "$SET/trees/$tree.sha256" ]; then
      say "the set has no files of $tree; they stay as they are"
      continue
    fi
    say "restoring and comparing the files of $tree"
    mkdir -p "$root/.restoring"
    repository "$which" restore -q --no-lock "$id:$SOURCES/$tree" --target "$root/.restoring" >&2 || fail "the files of $tree cannot be restored; see the message above; nothing was overwritten"
    check_tree "$SET/trees/$tree.sha256" "$root/.restoring"
  done
  cat "$SET/manifest.json"
}

swap() {
  local database tree root
  echo swapping >"$MARK"
  sync "$MARK"
  for database in $BACKUP_DATABASES; do
    rename "$database" "${database}__before" false
    rename "${database}__restoring" "$database" true
  done
  for tree in $BACKUP_TREES; do
    root=$SOURCES/$tree
    [ -d "$root/.restoring" ] || continue
    mkdir -p "$root/.before-restoring"
    move_entries "$root" "$root/.before-restoring"
    # From here on what is at the root is new.
    : >"$root/.before-restoring/.restoring-complete"
    move_entries "$root/.restoring" "$root"
  done
  echo done >"$MARK"
  sync "$MARK"
  say "the set is in place"
}

command=$1
shift
take_lock
trap 'code=$?; if [ "$code" -ne 0 ]; then rm -rf "$WORK"; fi' EXIT
case "$command" in
  prepare)
    trap 'code=$?; if [ "$code" -ne 0 ]; then recover || true; rm -rf "$WORK"; fi' EXIT
    prepare "$@"
    ;;
  recover) recover ;;
  swap) swap ;;
  undo)
    # What was swapped counts as not done.
    if [ -e "$MARK" ]; then echo swapping >"$MARK"; fi
    recover
    ;;
  # What counts is in place; recover then removes what is left of the other.
  finish)
    recover
    rm -rf "$WORK"
    ;;
esac
