# Keeps a copy of the bucket in the volume COPY, of which backup sets are taken. Where a restore has brought back an
# older copy, the bucket becomes what that has: what the bucket had besides stays there as older versions.
#
# Which of the two counts, a token says: the volume's and the bucket's are the same while the copy follows the bucket.
# Sets do not have it, so a restored copy has none, and one that a restore has put back has an older one.
set -eu
export LC_ALL=C
OBJECTS=$COPY/objects
PARTIAL=.apprun-partial
PUBLISHED=/tmp/published
READY=/tmp/ready

say() { echo "$(date -u +%Y-%m-%dT%H:%M:%SZ) $*"; }

# A server's time is when an object was stored. Metadata are content types and whatever the app added.
sync() { rclone sync "$@" --use-server-modtime --metadata --partial-suffix "$PARTIAL" --multi-thread-streams 0 --s3-upload-concurrency 1 --stats 0 -q; }

token() { cat "$COPY/token" 2>/dev/null || true; }

# The bucket's token, or nothing where it has none. Fails where the server does not answer.
bucket_token() {
  listed=$(rclone lsf --files-only --include /token "admin:$STATE") || return
  [ -z "$listed" ] || rclone cat "admin:$STATE/token"
}

# The bucket's first: what stops between the two is gone on with.
renew() {
  cat /proc/sys/kernel/random/uuid >"$COPY/token.next"
  rclone copyto -q --ignore-times "$COPY/token.next" "admin:$STATE/token"
  mv "$COPY/token.next" "$COPY/token"
}

pull() {
  : >"$READY"
  sync "admin:$BUCKET" "$OBJECTS"
}

push() {
  say "the copy is another than the bucket's: writing it to bucket $BUCKET"
  # Until the bucket has all of it, no copy is the bucket's.
  echo "a copy is being written" | rclone rcat "admin:$STATE/token"
  sync "$OBJECTS" "admin:$BUCKET" --no-update-modtime --exclude "*$PARTIAL"
  renew
  say "bucket $BUCKET is what the copy has"
  : >"$READY"
}

follow() {
  rclone mkdir "admin:$STATE"
  there=$(bucket_token)
  if [ -e "$COPY/token.next" ] && [ "$(cat "$COPY/token.next")" = "$there" ]; then mv "$COPY/token.next" "$COPY/token"; fi
  if [ ! -d "$OBJECTS" ]; then
    renew
    mkdir "$OBJECTS"
    pull
  # Neither may have one: a restored copy, and a server that is new.
  elif [ -n "$there" ] && [ "$(token)" = "$there" ]; then pull
  else push; fi
}

# What Prometheus reads. The second figure is the container's own, where the kernel says it.
publish() {
  {
    echo "# TYPE seaweedfs_copy_success_timestamp_seconds gauge"
    echo "seaweedfs_copy_success_timestamp_seconds $succeeded"
    echo "# TYPE seaweedfs_copy_memory_bytes gauge"
    awk '$1 == "anon" { print "seaweedfs_copy_memory_bytes " $2 }' /sys/fs/cgroup/memory.stat 2>/dev/null || true
  } >"$PUBLISHED/next"
  mv "$PUBLISHED/next" "$PUBLISHED/metrics.txt"
}

trap 'trap - TERM; kill 0; exit 0' TERM INT
rm -rf "$READY" "$PUBLISHED"
mkdir "$PUBLISHED"
succeeded=$(date +%s)
publish
rclone serve http "$PUBLISHED" --addr ":$PORT" --read-only --dir-cache-time 1s --poll-interval 0 -q &
server=$!
while kill -0 "$server"; do
  # The shell hears a signal to stop only where it waits, and in a condition a function goes on after an error.
  code=0
  follow &
  wait $! || code=$?
  if [ "$code" -eq 0 ]; then succeeded=$(date +%s); else say "the bucket and its copy were not brought together; trying again in $EVERY s"; fi
  publish
  sleep "$EVERY" &
  wait $!
done
say "the figures are served no longer"
exit 1
