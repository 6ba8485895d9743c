# shellcheck shell=sh
# PostgreSQL's restore_command: segment $1 to path $2, from the first of the archives $4... that has it whole.
# What none has is noted in directory $3.
set -u
name=$1 path=$2 notes=$3
shift 3
for archive in "$@"; do
  [ -e "$archive/$name.gz" ] || continue
  if gzip -dc "$archive/$name.gz" >"$path" 2>>"$notes/gzip"; then exit 0; fi
  echo "$name" >>"$notes/damaged"
done
echo "$name" >>"$notes/missing"
exit 1
