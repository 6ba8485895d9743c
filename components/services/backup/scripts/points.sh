# Base backups and archived write-ahead log in a repository: with both, any
# moment from a base on comes back. Tags say what a snapshot is:
#   base, of=SET, system=ID, wal=SEGMENT, at=SECONDS  moments from `at` on; the log is needed from SEGMENT on
#   wal, system=ID, at=SECONDS                        the archive, whole up to `at`; the next one replaces it
#   wal, kept, ...                                    the same, closed by a base: the archive was emptied after it

# Where the server archives; empty with the option off.
readonly ARCHIVE=${BACKUP_WAL_ARCHIVE:-}
readonly UNFINISHED=unfinished-base
# Time for a finished segment to reach the archive, in seconds.
readonly ARCHIVE_WAIT=120

utc() { date -u -d "@$1" +%Y-%m-%dT%H:%M:%SZ; }

system_identifier() { query "$MAINTENANCE" <<<"SELECT system_identifier FROM pg_control_system()"; }

# Everything up to the moment that it prints is in the archive, and a commit after it, at which recovery stops.
archive_now() {
  local moment segment system file waited=0
  moment=$(query "$MAINTENANCE" <<<"SELECT floor(extract(epoch FROM clock_timestamp()))::bigint")
  query "$MAINTENANCE" <<<"SELECT pg_current_xact_id() \\g /dev/null"
  segment=$(query "$MAINTENANCE" <<<"SELECT pg_walfile_name(pg_switch_wal() - 1)")
  system=$(system_identifier)
  file=$ARCHIVE/$system/$segment.gz
  until [ -e "$file" ]; do
    waited=$((waited + 1))
    [ "$waited" -le $((ARCHIVE_WAIT * 5)) ] ||
      fail "segment $segment of the write-ahead log is not in the archive after $ARCHIVE_WAIT s; look at PostgreSQL's log: its archive_command failed $(query "$MAINTENANCE" <<<"SELECT failed_count || ' times' FROM pg_stat_archiver")"
    sleep 0.2
  done
  echo "$moment"
}

# points WHICH FILTER: kind (set, base, kept, log, unfinished), id, moment, system, first segment and set of the snapshots; oldest first.
points() {
  mkdir -p "$WORK"
  repository "$1" snapshots --json --no-lock --host "$FROM" --tag complete --tag partial --tag base --tag wal --tag "$UNFINISHED" >"$WORK/points.json" ||
    fail "the $1 repository cannot be read; see the message above"
  query "$MAINTENANCE" <<SQL
\\set snapshots \`cat $WORK/points.json\`
WITH snapshots AS (
       SELECT s->>'id' AS id, (SELECT jsonb_object_agg(split_part(tag, '=', 1), split_part(tag, '=', 2)) FROM jsonb_array_elements_text(s->'tags') AS tag) AS tags
         FROM jsonb_array_elements((:'snapshots')::jsonb) AS s),
     points AS (
       SELECT CASE WHEN tags ?| ARRAY['complete', 'partial'] THEN 'set' WHEN tags ? 'base' THEN 'base' WHEN tags ? 'kept' THEN 'kept' WHEN tags ? 'wal' THEN 'log' ELSE 'unfinished' END AS kind,
              id, (tags->>'at')::bigint AS moment, tags->>'system' AS system, tags->>'wal' AS first, coalesce(tags->>'of', tags->>'set') AS of_set
         FROM snapshots)
SELECT kind, id, coalesce(moment, 0), coalesce(system, '-'), coalesce(nullif(first, ''), '-'), coalesce(of_set, '-') FROM points WHERE $2 ORDER BY moment, kind;
SQL
}

# What no restore needs: bases of sets that are gone, logs before the oldest base, logs that a newer one holds whole.
readonly UNNEEDED="kind = 'unfinished'
  OR kind = 'base' AND of_set NOT IN (SELECT of_set FROM points WHERE kind = 'set')
  OR kind = 'kept' AND NOT EXISTS (SELECT FROM points AS base WHERE base.kind = 'base' AND base.system = points.system AND base.moment <= points.moment
                                      AND base.of_set IN (SELECT of_set FROM points WHERE kind = 'set'))
  OR kind = 'log' AND EXISTS (SELECT FROM points AS newer WHERE newer.kind IN ('log', 'kept') AND newer.system = points.system AND newer.moment > points.moment)"

# drop_points WHICH: what another program has locked goes the next time.
drop_points() {
  local which=$1 ids code=0
  [ -n "$ARCHIVE" ] || return 0
  ids=$(points "$which" "$UNNEEDED" | cut -f2)
  # shellcheck disable=SC2086
  [ -z "$ids" ] || { owe_prune "$which" && repository "$which" forget -q $ids >&2; } || code=$?
  [ "$code" -eq 11 ] || return "$code"
}

# copy_points TAGS...: the snapshots with these tags in the remote repository too, where there is one.
copy_points() {
  local tags ids=()
  [ -n "$BACKUP_REMOTE" ] || return 0
  for tags in "$@"; do ids+=("$(snapshot_ids local "$tags" | tail -n 1)"); done
  upload "${ids[@]}" || fail "base backup or write-ahead log were not uploaded; see the message above"
  for tags in "$@"; do
    [ -n "$(snapshot_ids remote "$tags")" ] || fail "$tags was uploaded and is not there"
  done
}

# size and path of the finished files of a directory.
archived_files() { find "$1" -type f -name '*.gz' -exec stat -c '%s %n' {} + | sort; }

# store_log [TAGS OF A BASE]: the archive into the repositories, and the base with it, which keeps it.
# A snapshot a cluster: one that was lost left its last segments here.
store_log() {
  local base=${1:-} moment directory tags id stored=()
  moment=$(archive_now)
  for directory in "$ARCHIVE"/*; do
    tags="wal,system=${directory##*/},at=$moment"
    archived_files "$directory" >"$WORK/archived"
    repository local backup -q --host "$BACKUP_STACK" --tag "$tags${base:+,kept}" --exclude '*.part' "$directory" >&2 ||
      fail "the write-ahead log could not be written to the local repository; see restic's message above"
    id=$(snapshot_ids local "$tags" | tail -n 1)
    [[ $id =~ ^[0-9a-f]{64}$ ]] || fail "the write-ahead log is not in the local repository"
    repository local ls --long "$id" | awk '/\.gz$/ { print $4, $NF }' | sort >"$WORK/stored"
    [ -z "$(comm -23 "$WORK/archived" "$WORK/stored")" ] || fail "the local repository misses files of the archive: $(comm -23 "$WORK/archived" "$WORK/stored" | head -n 3)"
    stored+=("$tags")
  done
  copy_points ${base:+"$base"} "${stored[@]}"
  remember restorable-local "$moment"
  [ -z "$BACKUP_REMOTE" ] || remember restorable-remote "$moment"
}

# busybox's find may lack -delete.
remove_empty_directories() { find "$1" -depth -mindepth 1 -type d -empty -exec rmdir {} \;; }

# take_base SET: the whole cluster as it is, streamed into the local repository, and what is needed of the log.
take_base() {
  local set=$1 log=$WORK/base.log moment system first name file
  say "set $set: taking the base backup"
  # Without its own log the server waits until the archive has it. A command that fails makes restic fail.
  # shellcheck disable=SC2016 # the inner shell has words of its own
  repository local backup -q --host "$BACKUP_STACK" --tag "$UNFINISHED" --stdin-filename base.tar --stdin-from-command -- \
    bash -c 'exec pg_basebackup --pgdata - --format tar --wal-method none --checkpoint fast --label "$1" --no-password 2>"$0"' "$log" "$set" >&2 ||
    fail "no base backup: $(grep -m 1 'error' "$log" || tail -n 1 "$log")"
  moment=$(query "$MAINTENANCE" <<<"SELECT ceil(extract(epoch FROM clock_timestamp()))::bigint")
  system=$(system_identifier)
  # The server leaves a note of each base in the archive, named after the segment that it begins with.
  first=$(for file in "$ARCHIVE/$system"/*.backup.gz; do if gzip -dc "$file" | grep -q "^LABEL: $set$"; then basename "$file"; fi; done | tail -n 1 | cut -d. -f1)
  [[ $first =~ ^[0-9A-F]{24}$ ]] || fail "the archive has no note of the base backup; see PostgreSQL's log"
  repository local tag -q --set "base,of=$set,system=$system,wal=$first,at=$moment" --tag "$UNFINISHED" --host "$BACKUP_STACK" >&2
  [ -n "$(snapshot_ids local "base,of=$set")" ] || fail "the base backup is not in the local repository"
  # So that the log reaches a whole second that the base does.
  sleep 1
  store_log "base,of=$set"
  # Everything is where it is kept: the archive needs no more than what the newest base does.
  for file in "$ARCHIVE"/*/*.gz; do
    name=${file##*/}
    if [ "${file%/*}" != "$ARCHIVE/$system" ]; then rm "$file"
    elif [[ $name =~ ^[0-9A-F]{24}\. && ${name:8:16} < ${first:8:16} ]]; then rm "$file"; fi
  done
  remove_empty_directories "$ARCHIVE"
  drop_points local
  [ -z "$BACKUP_REMOTE" ] || drop_points remote
}
