# What the scripts beside this file share. Settings come from the environment,
# secrets from files; only results go to standard output.
. "$(dirname "$0")/facts.sh"
. "$(dirname "$0")/repository.sh"
. "$(dirname "$0")/metrics.sh"
. "$(dirname "$0")/locale.sh"
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
  flock -n 9 || { { holds || [ "$(cat "$STATE/lock")" = wal.sh ]; } && lock_within 300; } ||
    fail "another backup, drill or restore of $BACKUP_STACK is running; allowed: one at a time; wait for its end"
  refuse_held
  basename "$0" >"$STATE/lock"
}

# busybox's flock has no time limit of its own.
lock_within() {
  local waited
  for ((waited = 0; waited < $1; waited++)); do
    if flock -n 9; then return; fi
    sleep 1
  done
  return 1
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

# check_dumps DIRECTORY: the dumps are what the manifest says, to the byte. A masked restore reads some of them only.
check_dumps() {
  (cd "$1/postgres" && while read -r sum file; do
    if [ -z "${BACKUP_MASK:-}" ] || [ -e "$file" ]; then echo "$sum  $file"; fi
  done <dumps.sha256 | sha256sum -c >"$WORK/check" 2>&1) || fail "a dump is not what the manifest says: $(grep -v ': OK$' "$WORK/check" | head -n 3)"
}

# load_database DUMP TARGET OWNER: a new database from a dump of a set.
load_database() {
  create_database "$1" "$2" "$3"
  # Until it is in place it is nobody else's: a new database lets every role in.
  query "$MAINTENANCE" <<<"REVOKE ALL ON DATABASE \"$2\" FROM PUBLIC" &&
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
