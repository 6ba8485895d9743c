# What the scripts beside this file share. Settings come from the environment,
# secrets from files; only results go to standard output.
. "$(dirname "$0")/facts.sh"
export PATH="/opt/backup-tools:$PATH"

# Where sets are read from: this stack, or for a restore another.
readonly LOCAL_REPOSITORY=${BACKUP_LOCAL:-/backup/repository} FROM=${BACKUP_FROM:-$BACKUP_STACK}
# shellcheck disable=SC2034 # read by the scripts beside this file, as the fingerprints are
readonly WORK=${BACKUP_WORK:-/backup/work} STATE=/backup/state SOURCES=/sources METRICS=/backup-metrics
readonly PASSWORD_FILE=/run/secrets/backup-password PASSWORDS_BEFORE=/run/secrets/backup-passwords-before
# shellcheck disable=SC2034
readonly FINGERPRINTS=/run/secrets/key-fingerprints.json
export RESTIC_PASSWORD_FILE=$PASSWORD_FILE AWS_SHARED_CREDENTIALS_FILE=/run/secrets/s3-credentials RESTIC_PROGRESS_FPS=0.1
export PGAPPNAME=backup PGCONNECT_TIMEOUT=10
. "$(dirname "$0")/marks.sh"

# Ends when another backup, drill or restore of this stack runs; the kernel lets go of the lock when its owner dies.
take_lock() {
  mkdir -p "$STATE"
  exec 9>>"$STATE/lock"
  # The log's upload takes seconds and comes often: nobody is turned away for it. What meets a restore ends at once.
  flock -n 9 || { { holds || [ "$(cat "$STATE/lock")" = wal.sh ]; } && flock -w 300 9; } ||
    fail "another backup, drill or restore of $BACKUP_STACK is running; allowed: one at a time; wait for its end"
  refuse_held
  basename "$0" >"$STATE/lock"
}

# Waits for the server: a new pod's way to it opens some seconds after its start.
reach_server() {
  local try
  for try in $(seq 20); do
    if pg_isready -q -t 3; then return 0; fi
    [ "$try" -eq 20 ] || sleep 1
  done
  fail "the server at $PGHOST:$PGPORT does not answer; check that it runs"
}

# Runs restic on the repository `local` or `remote`.
repository() {
  local which=$1
  shift
  case "$which" in
    local) restic --repo "$LOCAL_REPOSITORY" --no-cache "$@" ;;
    remote) restic --repo "$BACKUP_REMOTE" --cache-dir "${BACKUP_CACHE:-/backup/cache}" "$@" ;;
  esac
}

# open_repository WHICH [arguments of init]: an absent one is made only when arguments are given.
open_repository() {
  local which=$1 code=0 answer
  shift
  # Without a lock: the repository of another stack is mounted read-only.
  answer=$(timeout 60 restic --repo "$(address "$which")" --no-cache --no-lock cat config 2>&1 >/dev/null) || code=$?
  # What S3 refuses restic tries again until the time is over; only its messages tell why.
  if [ "$code" -ne 0 ]; then
    case "$answer" in
      *"bucket does not exist"*)
        [ $# -gt 0 ] || fail "the bucket of the $which repository at $(address "$which") does not exist; allowed: a bucket that a backup has made or filled; check apprun:backup.remote.bucket"
        code=10
        ;;
      *"Access Key Id"* | *"request signature"* | *"Access Denied"* | *"AccessDenied"*)
        fail "the $which repository at $(address "$which") refuses the key: $(tr '\r' '\n' <<<"$answer" | grep -m 1 -o 'Stat: .*' || tail -n 1 <<<"$answer"); allowed: a key that may read and write the bucket; set the secrets apprun:backupAccessKeyId and apprun:backupSecretAccessKey"
        ;;
    esac
  fi
  case "$code" in
    0) ;;
    10)
      [ $# -gt 0 ] || fail "the $which repository is not there; allowed: one that a backup has made; run: npm run backup"
      say "making the $which repository"
      repository "$which" init -q "$@" >&2
      # Its group may read it: where nobody is root, each service's own user restores its files. restic keeps to these modes.
      [ "$which" != local ] || chmod -R g+rX "$LOCAL_REPOSITORY"
      ;;
    12) adopt_password "$which" || fail "the $which repository has another password; allowed: the password that it was made with, which is in the state of the stack that made it; bring that back: npm run state -- restore FILE" ;;
    124) fail "the $which repository at $(address "$which") does not answer within 60 s; check the network and apprun:backup.remote" ;;
    *) fail "the $which repository at $(address "$which") cannot be opened: $(tail -n 1 <<<"$answer")" ;;
  esac
}

# A repository that has an older password of this stack gets the current one; restic removes the older only after that.
adopt_password() {
  local old
  [ -e "$PASSWORDS_BEFORE" ] || return 1
  while read -r old; do
    if RESTIC_PASSWORD_FILE=<(echo "$old") repository "$1" key passwd --new-password-file "$PASSWORD_FILE" >&2; then
      say "the $1 repository has the current password now"
      return
    fi
  done <"$PASSWORDS_BEFORE"
  return 1
}

address() { if [ "$1" = local ]; then echo "$LOCAL_REPOSITORY"; else echo "$BACKUP_REMOTE"; fi; }

# Snapshots of the local repository into the remote one, which is made where there is none.
upload() {
  local from=(--from-repo "$LOCAL_REPOSITORY" --from-password-file "$PASSWORD_FILE")
  open_repository remote --repository-version 2 "${from[@]}" --copy-chunker-params
  # Whoever locked it is gone: this stack's lock is ours, and nobody else writes there.
  repository remote unlock -q --remove-all >&2
  repository remote copy -q "${from[@]}" "$@" >&2
}

# Snapshots with these tags, oldest first, one id a line.
snapshot_ids() { repository "$1" snapshots --json --no-lock --host "$FROM" --tag "$2" | grep -o '"id":"[0-9a-f]\{64\}"' | cut -d'"' -f4 || true; }

# The same facts as manifest $1 has them, for database $2; any server reads JSON.
manifest_facts() {
  query "$MAINTENANCE" -v "database=$2" <<SQL
\set manifest \`cat $1\`
SELECT key, value->>'rows', value->>'checksum' FROM jsonb_each((:'manifest')::jsonb->'databases'->:'database'->'tables') ORDER BY key COLLATE "C";
SQL
}

# One value of manifest $1 by path, such as '{postgres,major}'.
manifest_value() {
  query "$MAINTENANCE" -v "path=$2" <<SQL
\set manifest \`cat $1\`
SELECT (:'manifest')::jsonb #>> (:'path')::text[];
SQL
}
MAINTENANCE=postgres

# check_dumps DIRECTORY: the dumps are what the manifest says, to the byte.
check_dumps() {
  (cd "$1/postgres" && sha256sum -c ${BACKUP_MASK:+--ignore-missing} dumps.sha256 >"$WORK/check" 2>&1) || fail "a dump is not what the manifest says: $(grep -v ': OK$' "$WORK/check" | head -n 3)"
}

# check_tree LIST DIRECTORY: every file of the list is there with its content.
check_tree() {
  [ -s "$1" ] || return 0
  (cd "$2" && sha256sum -c "$1" >"$WORK/check" 2>&1) || fail "files are not what the manifest says: $(grep -v ': OK$' "$WORK/check" | head -n 3)"
}

# load_database DUMP TARGET OWNER: a new database from a dump.
load_database() {
  createdb --owner "$3" --template template0 --maintenance-db "$MAINTENANCE" "$2"
  # Until it is in place it is nobody else's: a new database lets every role in.
  query "$MAINTENANCE" <<<"REVOKE ALL ON DATABASE \"$2\" FROM PUBLIC"
  pg_restore --dbname "$2" --exit-on-error --jobs 2 --no-password "$1"
}

# compare_facts MANIFEST DATABASE TARGET: counts and checksums of TARGET against the manifest's of DATABASE.
compare_facts() {
  manifest_facts "$1" "$2" >"$WORK/expected"
  table_facts "$3" "" | sort >"$WORK/found"
  sort -o "$WORK/expected" "$WORK/expected"
  cmp -s "$WORK/expected" "$WORK/found" || fail "database $2: rows or checksums differ from the manifest: $(diff "$WORK/expected" "$WORK/found" | head -n 5)"
}

# Roles of a dump that are not there yet; those that are keep their passwords and attributes.
create_missing_roles() {
  local role
  sed -n 's/^CREATE ROLE \(.*\);$/\1/p' "$1" | while read -r role; do
    query "$MAINTENANCE" -v "role=${role//\"/}" <<<"SELECT format('CREATE ROLE %I', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec"
  done
}

remember() { printf '%s\n' "$2" >"$STATE/$1"; }
remembered() { cat "$STATE/$1" 2>/dev/null || echo 0; }

# report TASK CODE: what the end of a task leaves behind, good or not.
report() {
  rm -rf "$WORK"
  remember "$1-ok" "$(($2 == 0))"
  write_metrics || true
  [ "$2" -eq 0 ] || say "the task $1 ended with exit code $2"
}

# Times in seconds since 1970; 0 stands for never, so that an age is huge and not absent.
write_metrics() {
  local task
  {
    echo "# HELP apprun_backup_last_success_timestamp_seconds When the newest complete backup set of a repository was taken."
    echo "# TYPE apprun_backup_last_success_timestamp_seconds gauge"
    echo "apprun_backup_last_success_timestamp_seconds{repository=\"local\"} $(remembered success-local)"
    [ -z "$BACKUP_REMOTE" ] || echo "apprun_backup_last_success_timestamp_seconds{repository=\"remote\"} $(remembered success-remote)"
    echo "# HELP apprun_backup_last_proven_timestamp_seconds When the newest backup set that a drill has restored was taken."
    echo "# TYPE apprun_backup_last_proven_timestamp_seconds gauge"
    echo "apprun_backup_last_proven_timestamp_seconds $(remembered proven)"
    if [ -n "${BACKUP_WAL_ARCHIVE:-}" ]; then
      echo "# HELP apprun_backup_restorable_timestamp_seconds Newest moment that base backup and write-ahead log in a repository bring back."
      echo "# TYPE apprun_backup_restorable_timestamp_seconds gauge"
      echo "apprun_backup_restorable_timestamp_seconds{repository=\"local\"} $(remembered restorable-local)"
      [ -z "$BACKUP_REMOTE" ] || echo "apprun_backup_restorable_timestamp_seconds{repository=\"remote\"} $(remembered restorable-remote)"
    fi
    echo "# HELP apprun_backup_last_run_success Whether the last run of a task ended well."
    echo "# TYPE apprun_backup_last_run_success gauge"
    for task in backup drill wal; do
      # One that never ran did not fail.
      [ ! -e "$STATE/$task-ok" ] || echo "apprun_backup_last_run_success{task=\"$task\"} $(remembered "$task-ok")"
    done
    echo "# HELP apprun_backup_last_run_duration_seconds How long the last run of a task took that ended well."
    echo "# TYPE apprun_backup_last_run_duration_seconds gauge"
    echo "apprun_backup_last_run_duration_seconds{task=\"backup\"} $(remembered backup-seconds)"
    echo "apprun_backup_last_run_duration_seconds{task=\"drill\"} $(remembered drill-seconds)"
    echo "# HELP apprun_backup_set_size_bytes Size of the last backup set before deduplication."
    echo "# TYPE apprun_backup_set_size_bytes gauge"
    echo "apprun_backup_set_size_bytes $(remembered set-bytes)"
  } >"$METRICS/backup.prom.new"
  chmod 444 "$METRICS/backup.prom.new"
  mv "$METRICS/backup.prom.new" "$METRICS/backup.prom"
}
