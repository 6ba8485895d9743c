# Runs a server that follows the primary: copies the primary's data where the
# volume has none, and goes on with the copy from then on. It copies again only
# where what is there can be nothing but an old copy of the same primary.
#   replica.sh postgres ARGUMENTS   runs the server
#   replica.sh probe                0: it answers; 1: it is being made or reads its log
set -euo pipefail

# A copy that is not whole, and one that a whole one has taken the place of.
readonly SEED=$REPLICA_VOLUME/copying STALE=$REPLICA_VOLUME/stale

if [ "${1:-}" = probe ]; then
  if [ -e "$SEED" ]; then exit 1; fi
  exec pg_isready --host 127.0.0.1 --username postgres --quiet
fi

# A fresh volume may belong to root.
if [ "$(id -u)" = 0 ]; then
  chown "$(id -u postgres):$(id -g postgres)" "$REPLICA_VOLUME"
  exec gosu postgres bash "$0" "$@"
fi

say() { echo "replica: $*" >&2; }
fail() {
  say "$*"
  exit 1
}

export PGCONNECT_TIMEOUT=10 PGPASSFILE=/var/run/postgresql/replicator.pgpass
# The server hands it to what receives the log; no argument and no file of the volume has the password.
(umask 077 && echo "*:*:*:*:$(cat "$REPLICA_PASSWORD_FILE")" >"$PGPASSFILE")

primary() { psql --no-psqlrc --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --dbname "$REPLICA_PRIMARY dbname=postgres" --command "$1"; }
control() { pg_controldata --pgdata "$PGDATA" | sed -n "s/^$1: *//p"; }

# The slot keeps the log from here on, for the copy that is made and for what follows it.
make_slot() { primary "SELECT pg_create_physical_replication_slot('$REPLICA_SLOT', true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '$REPLICA_SLOT')" >/dev/null; }

seed() {
  say "copying the primary's data"
  rm -rf "$SEED"
  make_slot
  pg_basebackup --dbname "$REPLICA_PRIMARY" --no-password --pgdata "$SEED" --slot "$REPLICA_SLOT" --wal-method stream --checkpoint fast
  # The primary's own settings by hand name no server to follow, and the role of this copy is in the arguments.
  : >"$SEED/standby.signal"
  sync "$SEED/standby.signal" "$SEED"
  if [ -e "$PGDATA" ]; then
    rm -rf "$STALE"
    mv "$PGDATA" "$STALE"
  fi
  mv "$SEED" "$PGDATA"
  sync "$REPLICA_VOLUME"
  rm -rf "$STALE"
  say "the copy is whole"
}

# Whether the primary still has the log that the copy needs.
is_stale() {
  local behind
  behind=$(primary "SELECT wal_status = 'lost' OR restart_lsn IS NULL FROM pg_replication_slots WHERE slot_name = '$REPLICA_SLOT'")
  case $behind in
    t)
      primary "SELECT pg_drop_replication_slot('$REPLICA_SLOT')" >/dev/null
      return 0
      ;;
    f) return 1 ;;
  esac
  # Somebody dropped the slot: a new one keeps the log from now on, which may be too late.
  make_slot
  [ "$(primary "SELECT restart_lsn > '$(control "Latest checkpoint's REDO location")' FROM pg_replication_slots WHERE slot_name = '$REPLICA_SLOT'")" = t ]
}

# Looks at a copy that is there. Without the primary it serves what it has.
look() {
  local own theirs
  [ -e "$PGDATA/standby.signal" ] ||
    fail "$PGDATA holds a server that does not follow another: it was promoted or is not of this stack; allowed: a copy of the primary; nothing was changed: look at it, then remove the container and its volume, and run: npm run up"
  theirs=$(primary "SELECT system_identifier FROM pg_control_system()") || {
    say "the primary does not answer; going on with the copy that is here"
    return 0
  }
  own=$(control "Database system identifier")
  [ "$own" = "$theirs" ] ||
    fail "$PGDATA is a copy of the cluster $own; allowed: one of the primary's, $theirs; nothing was changed: if the primary's data is the right one, remove the container and its volume, and run: npm run up"
  if is_stale; then
    say "the copy is too far behind: the primary no longer has the log in between"
    seed
  fi
}

# A standby does not start with fewer connections than its primary had when the log was written.
connections() {
  local wanted=$1 had
  had=$(control "max_connections setting")
  echo $((had > wanted ? had : wanted))
}

# An interrupted exchange has left the copy that was, and it serves until the next one is whole.
if [ ! -e "$PGDATA" ] && [ -e "$STALE" ]; then mv "$STALE" "$PGDATA"; fi
rm -rf "$SEED"
if [ -e "$PGDATA" ]; then look; else
  try=1
  until primary "SELECT" >/dev/null; do
    [ "$try" -lt 20 ] || fail "the primary does not answer, and there is no copy yet"
    try=$((try + 1))
    sleep 1
  done
  seed
fi
wanted=$(postgres "${@:2}" -C max_connections)
exec docker-entrypoint.sh "$@" -c "max_connections=$(connections "$wanted")" -c "primary_conninfo=$REPLICA_PRIMARY" -c "primary_slot_name=$REPLICA_SLOT"
