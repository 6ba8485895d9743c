# Makes the app's bucket, turns its versions on, and sees that the app's key opens it.
set -eu

fail() {
  echo "bucket $BUCKET: $*" >&2
  exit 1
}

# A new container's way out may open some seconds after its start, and S3 answers before its first volume is there.
tries=60
until said=$(rclone mkdir --retries 1 --low-level-retries 1 "admin:$BUCKET" 2>&1); do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || fail "it cannot be made: $said; see the log of seaweedfs"
  sleep 1
done
said=$(rclone backend versioning "admin:$BUCKET" Enabled 2>&1) || fail "its versions cannot be turned on: $said"
said=$(rclone backend versioning "admin:$BUCKET")
[ "$said" = '"Enabled"' ] || fail "it keeps no versions though they were turned on: $said"
said=$(rclone lsf --max-depth 1 "app:$BUCKET" 2>&1 >/dev/null) || fail "the app's key does not open it: $said"
echo "bucket $BUCKET keeps versions, and the app's key opens it"
