# Puts what the archive has of the write-ahead log into the repositories: what a lost host then costs.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/points.sh"

ended() {
  local code=$?
  rm -rf "$WORK"
  remember wal-ok "$((code == 0))"
  write_metrics || true
  [ "$code" -eq 0 ] || say "the run ended with exit code $code"
}

take_lock
trap ended EXIT
PGPASSWORD=$(cat /run/secrets/database-password)
export PGPASSWORD
if [ ! -e "$LOCAL_REPOSITORY/config" ] || [ -z "$(snapshot_ids local base)" ]; then
  say "no base backup yet: the next backup takes one"
  exit 0
fi
rm -rf "$WORK"
mkdir -m 700 "$WORK"
open_repository local
store_log
drop_points local
[ -z "$BACKUP_REMOTE" ] || drop_points remote
