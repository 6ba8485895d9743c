# Puts what the archive has of the write-ahead log into the repositories: what a lost host then costs.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/points.sh"

take_lock
trap 'report wal $?' EXIT
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
