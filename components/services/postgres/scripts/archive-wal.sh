# PostgreSQL's archive_command: puts segment $2, which lies at $1, into the archive $3.
# Only what is on the disk whole counts: PostgreSQL drops its own copy when this ends with 0.
set -eu

# A cluster of its own, made anew on an old archive, begins with the same names again.
directory=$3/$(pg_controldata --pgdata . | sed -n 's/^Database system identifier: *//p')
target=$directory/$2.gz
mkdir -p "$directory"
if [ -e "$target" ]; then
  # A crash between the rename and PostgreSQL's own note of it makes it ask again.
  if gzip -dc "$target" | cmp -s - "$1"; then exit 0; fi
  echo "the archive has another $2; allowed: a segment once; look at $target" >&2
  exit 1
fi
gzip -1 -c <"$1" >"$target.part"
sync "$target.part"
mv "$target.part" "$target"
sync "$directory"
