# Prints the complete sets of repository $1 as restic's JSON, whichever stack they are of.
. "$(dirname "$0")/lib.sh"
open_repository "$1"
repository "$1" snapshots --json --no-lock --tag complete --tag partial
