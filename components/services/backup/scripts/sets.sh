# Prints the sets of repository $1 as restic's JSON, whichever stack they are of, and in a line of its own what tells which of
# them fit: the keys that are here, and the sets that a drill has proven.
. "$(dirname "$0")/lib.sh"
open_repository "$1"
repository "$1" snapshots --json --no-lock --tag complete --tag partial
printf '{"keyFingerprints":%s,"proven":[%s]}\n' "$(tr -d '\n' <"$FINGERPRINTS")" \
  "$(sed 's/.*/"&"/' "$STATE/proven-sets" 2>/dev/null | paste -s -d , - || true)"
