# The steps of restore.sh for files alone, run as their owner where nobody may be root:
#   recover, swap           as there; the mark is read and never written
#   prepare WHICH SNAPSHOT  as there
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/restore-trees.sh"

command=$1
shift
# shellcheck disable=SC2046 # a word each
recover() { recover_trees "$(which_counts $(trees_swapped))"; }
case "$command" in
  recover) recover ;;
  swap) swap_trees ;;
  prepare)
    recover
    open_repository "$1"
    repository "$1" restore -q --no-lock "$2:/backup/work/set/trees" --target "$SET/trees" >&2 || fail "the set cannot be read whole; see the message above; nothing was overwritten"
    prepare_trees "$@"
    ;;
esac
