# A throw-away server as the stack's own was at a moment: base backup and write-ahead log.
readonly POINT=$WORK/point
readonly REACHED="recovery stopping before commit"

stop_point() {
  if [ -e "$POINT/data/postmaster.pid" ]; then gosu postgres pg_ctl stop --silent --pgdata "$POINT/data" --mode immediate >&2 || true; fi
  rm -rf "$POINT"
}

# base_before WHICH MOMENT: the row of the newest base of that moment or before.
base_before() {
  local bases row
  bases=$(points "$1" "kind = 'base'")
  [ -n "$bases" ] ||
    fail "the $1 repository has no base backup; allowed: a stack that took a backup since apprun:backup.pointInTime.enabled is on; run: npm run backup; nothing was overwritten"
  row=$(awk -F'\t' -v moment="$2" '$3 <= moment' <<<"$bases" | tail -n 1)
  [ -n "$row" ] ||
    fail "point in time: got $(utc "$2"); allowed: from $(utc "$(head -n 1 <<<"$bases" | cut -f3)") on, where the oldest base backup of the $1 repository begins; nothing was overwritten"
  echo "$row"
}

# newest_moment WHICH SYSTEM: up to where the repository has the log of a cluster.
newest_moment() { points "$1" "kind IN ('kept', 'log') AND system = '$2'" | tail -n 1 | cut -f3; }

# fetch_logs WHICH MOMENT BASE_MOMENT SYSTEM: the logs of the repository that reach from the base to the moment.
fetch_logs() {
  local id moment
  points "$1" "kind IN ('kept', 'log') AND system = '$4' AND moment >= $3" >"$POINT/logs"
  while IFS=$'\t' read -r _ id moment _; do
    repository "$1" restore -q --no-lock "$id:$ARCHIVE/$4" --target "$POINT/wal" >&2 ||
      fail "write-ahead log ${id:0:8} of the $1 repository cannot be read whole; see the message above; nothing was overwritten"
    if [ "$moment" -ge "$2" ]; then break; fi
  done <"$POINT/logs"
}

# why_not MOMENT: what kept the recovery from its end.
why_not() {
  local missing
  missing=$(grep -x '[0-9A-F]\{24\}' "$POINT/missing" 2>/dev/null | sort | tail -n 1 || true)
  if grep -qs "^$missing$" "$POINT/damaged"; then
    fail "segment $missing of the write-ahead log is damaged, and no other copy is there; allowed: moments before it, or a set: npm run restore -- --list; nothing was overwritten"
  fi
  if [ -n "$missing" ] && grep -q "recovery ended before configured recovery target\|could not locate required checkpoint record" "$POINT/log"; then
    fail "segment $missing of the write-ahead log is missing, which $(utc "$1") needs; allowed: moments before it, or a set: npm run restore -- --list; nothing was overwritten"
  fi
  fail "the throw-away server could not recover: $(grep -E 'FATAL|ERROR|PANIC' "$POINT/log" | grep -v 'not accepting connections\|starting up' | tail -n 1); nothing was overwritten"
}

# recover_to WHICH MOMENT [own]: starts the server and points psql to it. With `own` the stack's archive counts too, first.
recover_to() {
  local which=$1 moment=$2 id at system own=${3:-} archives=()
  rm -rf "$POINT"
  mkdir -p "$POINT/data" "$POINT/wal"
  IFS=$'\t' read -r _ id at system _ <<<"$(base_before "$which" "$moment")"
  [ -n "$id" ] || exit 1
  if [ -n "$own" ] && [ -d "$ARCHIVE/$system" ]; then
    # The log of a server that is lost ends where it ends.
    if [ "$system" = "$(system_identifier)" ]; then
      [ "$moment" -le "$(archive_now)" ] || fail "point in time: got $(utc "$moment"); allowed: a moment that has been; nothing was overwritten"
    fi
    archives+=("$ARCHIVE/$system")
  elif [ "$moment" -gt "$(newest_moment "$which" "$system")" ]; then
    fail "point in time: got $(utc "$moment"); allowed: up to $(utc "$(newest_moment "$which" "$system")"), where the write-ahead log in the $which repository ends; nothing was overwritten"
  fi
  archives+=("$POINT/wal")
  fetch_logs "$which" "$moment" "$at" "$system"
  say "recovering the base backup of $(utc "$at") to $(utc "$moment")"
  repository "$which" dump --no-lock "$id" base.tar | tar -x -C "$POINT/data" || fail "the base backup cannot be read whole; see the message above; nothing was overwritten"
  pg_verifybackup --no-parse-wal --quiet "$POINT/data" >&2 || fail "the base backup is not what its manifest says; see the message above; nothing was overwritten"
  cat >>"$POINT/data/postgresql.auto.conf" <<CONF
restore_command = 'sh $(dirname "$0")/fetch-wal.sh %f %p $POINT ${archives[*]}'
recovery_target_time = '$(date -u -d "@$moment" '+%F %T+00')'
recovery_target_action = promote
hot_standby = off
archive_mode = off
listen_addresses = ''
unix_socket_directories = '$POINT'
hba_file = '$POINT/pg_hba.conf'
ssl = off
shared_buffers = 64MB
maintenance_work_mem = 64MB
max_connections = 20
fsync = off
autovacuum = off
CONF
  echo "local all all trust" >"$POINT/pg_hba.conf"
  touch "$POINT/data/recovery.signal"
  chown -R postgres "$POINT"
  chmod 700 "$POINT/data"
  gosu postgres pg_ctl start --silent --wait --pgdata "$POINT/data" --log "$POINT/log" >&2 9>&- || why_not "$moment"
  # For pg_ctl a server that recovers has started.
  until pg_isready --quiet --host "$POINT" --port 5432; do
    [ -d "/proc/$(head -n 1 "$POINT/data/postmaster.pid" 2>/dev/null || echo gone)" ] || why_not "$moment"
    sleep 0.2
  done
  grep -q "$REACHED" "$POINT/log" || why_not "$moment"
  export PGHOST=$POINT PGPORT=5432 PGUSER=postgres PGSSLMODE=disable
}
