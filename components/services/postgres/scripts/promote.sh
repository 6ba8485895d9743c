# Makes the replica's data the primary's, while neither server runs.
#   PRIMARY, REPLICA: the data directories, each in a volume of its own
#   ACCEPT_LOSS: "true" also where the primary has log that the replica lacks
# The old data stays where it is until the copy is whole, promoted and stopped;
# then it is kept beside it. The replica's own data is only read. Prints one
# line of JSON.
set -euo pipefail

readonly COPY=$PRIMARY.promoting
SOCKET=$(mktemp -d)
readonly SOCKET

# Where the old data is put.
aside=

say() { echo "promote: $*" >&2; }
fail() {
  say "$*"
  exit 1
}
# Nothing of a directory that is not there, or that cannot be read.
control() { { pg_controldata --pgdata "$1" 2>/dev/null || true; } | sed -n "s/^$2: *//p"; }
query() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --host "$SOCKET" --username postgres --dbname postgres --command "$1"; }

ended() {
  local code=$?
  if [ -e "$COPY/postmaster.pid" ]; then pg_ctl stop --pgdata "$COPY" --silent --mode immediate >&2 || true; fi
  if [ "$code" -eq 0 ]; then return; fi
  rm -rf "$COPY"
  if [ -n "$aside" ]; then say "stopped between the old data and the new: the old data is in $aside and $PRIMARY, the replica's is whole; run it again"; fi
}
trap ended EXIT
trap 'exit 143' TERM INT

[ -s "$REPLICA/PG_VERSION" ] || fail "the replica has no copy that is whole; allowed: one that followed the primary; nothing was changed"
[ -e "$REPLICA/standby.signal" ] || fail "the replica's data does not follow a primary; allowed: a copy of it; nothing was changed"
before=$(control "$PRIMARY" "Database system identifier")
[ -z "$before" ] || [ "$before" = "$(control "$REPLICA" "Database system identifier")" ] ||
  fail "the replica is a copy of another cluster than the primary's $before; allowed: one of the same; nothing was changed"

needed=$(du -sk "$REPLICA" | cut -f1)
free=$(df -Pk "${PRIMARY%/*}" | awk 'NR == 2 { print $4 }')
[ "$needed" -lt "$free" ] || fail "the primary's volume has $((free / 1024)) MiB free; allowed: $((needed / 1024)) MiB or more, for the copy beside the old data; nothing was changed"

say "copying $((needed / 1024)) MiB"
rm -rf "$COPY"
cp -a "$REPLICA" "$COPY"
rm -f "$COPY/postmaster.pid" "$COPY/postmaster.opts"
# What the replica took from the primary's log may not be in the archive, which knows a segment that comes twice.
# A server without archive_mode would remove it at its first checkpoint.
find "$COPY/pg_wal/archive_status" -name '*.done' | while read -r mark; do mv "$mark" "${mark%.done}.ready"; done
initdb --sync-only --pgdata "$COPY" >&2

pg_ctl start --pgdata "$COPY" --silent --wait --timeout 86400 --log "$SOCKET/log" --options "-c listen_addresses= -c unix_socket_directories=$SOCKET -c archive_mode=on -c archive_command= -c max_connections=$(control "$COPY" "max_connections setting")" >&2 ||
  fail "the copy does not start: $(tail -n 3 "$SOCKET/log")"
# It has read all of the log that it has when it looks for more.
until [ "$(query "SELECT wait_event FROM pg_stat_activity WHERE backend_type = 'startup'")" = RecoveryRetrieveRetryInterval ]; do sleep 0.2; done
replayed=$(query "SELECT pg_last_wal_replay_lsn()")
last=$(query "SELECT coalesce(to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'), '')")
# Only a server that was stopped in order says where its log ends.
lost=null
if [ "$(control "$PRIMARY" "Database cluster state")" = "shut down" ]; then
  lost=$(query "SELECT greatest(0, pg_wal_lsn_diff('$(control "$PRIMARY" "Latest checkpoint location")', '$replayed'))::bigint")
  [ "$lost" = 0 ] || [ "${ACCEPT_LOSS:-}" = true ] ||
    fail "the primary was stopped in order and has $lost bytes of log that the replica lacks; allowed: a replica that has all of it, or --accept-loss; nothing was changed"
fi
query "SELECT pg_create_physical_replication_slot('$REPLICA_SLOT', true)" >/dev/null
[ "$(query "SELECT pg_promote(true, 3600)")" = t ] || fail "the copy was not promoted: $(tail -n 3 "$SOCKET/log")"
query CHECKPOINT
timeline=$(query "SELECT timeline_id FROM pg_control_checkpoint()")
pg_ctl stop --pgdata "$COPY" --silent --wait --mode fast --timeout 3600 >&2
rm -f "$COPY/postmaster.opts"

# The image makes an empty cluster where it finds no PG_VERSION. So that file stays in its place throughout: what is stopped
# in between is a server that does not start, and the next promotion takes the replica's data again.
# shellcheck disable=SC2016 # the inner shell has words of its own
move_entries() { find "$1" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec sh -c 'to=$1; shift; mv "$@" "$to/"' sh "$2" {} +; }
if [ -e "$PRIMARY" ]; then aside=$PRIMARY.before-$(date -u +%Y%m%dT%H%M%SZ); fi
if [ -e "$PRIMARY/PG_VERSION" ]; then
  mkdir -m 700 "$aside"
  cp -p "$PRIMARY/PG_VERSION" "$aside/"
  move_entries "$PRIMARY" "$aside"
  move_entries "$COPY" "$PRIMARY"
  rm -rf "$COPY"
else
  if [ -n "$aside" ]; then mv "$PRIMARY" "$aside"; fi
  mv "$COPY" "$PRIMARY"
fi
sync "${PRIMARY%/*}"
say "the promoted data is the primary's, on timeline $timeline"
echo "{\"timeline\":$timeline,\"replayed\":\"$replayed\",\"lastCommit\":\"$last\",\"lostBytes\":$lost,\"aside\":\"$aside\"}"
