# Brings a backup set back in steps, so that nothing is overwritten before
# everything new is there and compared:
#   recover                 puts back what an interrupted swap left
#   prepare WHICH SNAPSHOT [SECONDS]
#                           loads new databases and files beside the old ones; the
#                           databases of a moment, where one is given
#   receive                 makes room for a file in place of a set
#   load                    loads that file beside the one database that there is (see import.sh)
#   swap                    old aside, new in place; nobody may use them meanwhile
#   undo                    the old back in place, the new removed
#   finish                  removes the old
#   begin                   the old counts until the swap is done: for files that restore-tree.sh swaps
#   keep                    what the restore brought counts: for files that restore-tree.sh finishes
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/restore-trees.sh"
. "$(dirname "$0")/points.sh"
. "$(dirname "$0")/recover.sh"
. "$(dirname "$0")/point-in-time.sh"
. "$(dirname "$0")/mask.sh"
. "$(dirname "$0")/import.sh"

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

# How the swap of a database stands, in words of tree_swap.
database_swap() {
  if ! exists "${1}__before"; then echo none
  elif exists "$1"; then echo whole
  else echo half; fi
}

swaps() {
  local database
  trees_swapped
  for database in $BACKUP_DATABASES; do database_swap "$database"; done
}

# Leaves the data that counts: the old until the mark says done. What is aside is dropped only where what took its place is there.
recover() {
  local database words counts
  words=$(swaps)
  # shellcheck disable=SC2086 # a word each
  counts=$(which_counts $words)
  if [ "$counts" = old ] && [[ $words == *half* || $words == *whole* ]]; then say "an interrupted restore is undone"; fi
  recover_trees "$counts"
  for database in $BACKUP_DATABASES; do
    case "$counts $(database_swap "$database")" in
      old\ whole)
        drop "${database}__restoring"
        rename "$database" "${database}__restoring" true
        rename "${database}__before" "$database" true
        ;;
      *\ half) rename "${database}__before" "$database" true ;;
    esac
    if exists "$database"; then
      query postgres <<<"ALTER DATABASE \"$database\" ALLOW_CONNECTIONS true"
      drop "${database}__before"
    fi
    drop "${database}__restoring"
  done
  rm -f "$MARK"
}

# What a dump makes belongs to the role that it was of: a stack with other names could not change it.
check_names() {
  local database theirs mine
  for database in $BACKUP_DATABASES; do
    theirs=$(manifest_value "$1" "{databases,$database,owner}")
    mine=$(query postgres -v "name=$database" <<<"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = :'name'")
    [ -n "$theirs" ] || fail "the set has no database $database; allowed: sets of a stack with the same databases; see apprun:postgres.external.databases; nothing was overwritten"
    [ "$theirs" = "${mine:-$theirs}" ] || fail "database $database of the set belongs to role $theirs, here to $mine; allowed: sets of a stack with the same roles; see apprun:postgres.external.roles; nothing was overwritten"
  done
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
  # The keys of the other stack stay there: what they encrypt is for the mask to overwrite.
  masked || wrong=$(query postgres -v "mine=$(cat "$FINGERPRINTS")" <<SQL
\\set manifest \`cat $manifest\`
SELECT string_agg(key, ', ' ORDER BY key) FROM jsonb_each((:'manifest')::jsonb->'keyFingerprints') WHERE NOT coalesce((:'mine')::jsonb->key @> value, false);
SQL
  )
  [ -z "${wrong:-}" ] || fail "the set's data is encrypted with other keys than this stack has: $wrong; allowed: the same keys; bring back the state that has them (npm run state -- restore), or take them from the stack that has them (npm run keys -- --from STACK)"
  while IFS=$'\t' read -r name database sql; do
    case " $BACKUP_DATABASES " in *" $database "*) ;; *) continue ;; esac
    theirs=$(manifest_value "$manifest" "{schemaVersions,$name}")
    mine=$(query "$database" <<<"$sql")
    if [ -n "$theirs" ] && [ "$(printf '%s\n%s\n' "$theirs" "$mine" | sort -V | tail -n 1)" != "$mine" ]; then
      fail "the set has schema $theirs of $name, the stack has ${mine:-none}; allowed: the same or an older one, which its migration brings up; deploy the newer image first: $(manifest_value "$manifest" "{images,$name}")"
    fi
  done </etc/backup/schema-versions.tsv
}

prepare() {
  local which=$1 id=$2 moment=${3:-} database parts
  # Only one of the databases would come back.
  if masked; then refuse_interrupted_restore; fi
  recover
  rm -rf "$WORK"
  # A throw-away server's user must get through.
  mkdir -m 711 "$WORK"
  open_repository "$which"
  say "reading set ${id:0:8} from the $which repository"
  mapfile -t parts < <(parts_of_set)
  repository "$which" restore -q --no-lock ${moment:+--exclude '*.dump'} "${parts[@]}" "$id:/backup/work/set" --target "$SET" >&2 || fail "the set cannot be read whole; see the message above; nothing was overwritten"
  check_manifest
  [ -z "$moment" ] || dump_moment "$which" "$moment"
  check_dumps "$SET"
  check_names "$SET/manifest.json"
  create_missing_roles "$SET/postgres/roles.sql"
  for database in $BACKUP_DATABASES; do
    say "loading and comparing database $database"
    load_database "$SET/postgres/$database.dump" "${database}__restoring" "$(manifest_value "$SET/manifest.json" "{databases,$database,owner}")" ||
      fail "database $database cannot be loaded; see the message above; nothing was overwritten"
    compare_facts "$SET/manifest.json" "$database" "${database}__restoring"
    if masked; then
      rm "$SET/postgres/$database.dump"
      mask_database "${database}__restoring"
    fi
  done
  prepare_trees "$which" "$id"
  cat "$SET/manifest.json"
}

# From the first part of the old data that goes on there is no way back.
begin() {
  [ "$(phase)" != finishing ] || fail "part of the data from before the restore is gone; allowed: its end; run: npm run restore -- --finish"
  mark swapping
}

keep() {
  refuse_interrupted_restore
  mark "done"
}

swap() {
  local database
  begin
  for database in $BACKUP_DATABASES; do
    rename "$database" "${database}__before" false
    rename "${database}__restoring" "$database" true
  done
  swap_trees
  mark "done"
  say "the set is in place"
}

command=$1
shift
# A restore is begun and swapped by who holds it; whoever ends one takes it over.
case "$command" in prepare | receive | load | swap) ;; *) hold ;; esac
take_lock
hold
reach_server
trap 'code=$?; if [ "$code" -ne 0 ]; then rm -rf "$WORK"; fi' EXIT
case "$command" in
  prepare | receive | load)
    trap 'code=$?; if [ "$code" -ne 0 ]; then stop_point; recover || true; let_go; rm -rf "$WORK"; fi' EXIT
    "$command" "$@"
    hold
    ;;
  recover)
    recover
    let_go
    ;;
  begin) begin ;;
  keep) keep ;;
  swap)
    swap
    hold
    ;;
  undo)
    # What was swapped counts as not done.
    begin
    recover
    let_go
    rm -rf "$WORK"
    ;;
  # What counts is in place; recover then removes what is left of the other.
  finish)
    keep
    mark finishing
    recover
    let_go
    rm -rf "$WORK"
    ;;
esac
