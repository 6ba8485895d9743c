# The part of a restore that concerns the files of $BACKUP_TREES.
. "$(dirname "$0")/trees.sh"

readonly SET=$WORK/restored/backup/work/set

# entries DIRECTORY [action of find]: what is there, except for what a restore itself or the file system put there.
entries() {
  local directory=$1
  shift
  find "$directory" -mindepth 1 -maxdepth 1 ! -name .restoring ! -name .before-restoring ! -name lost+found "$@"
}

# shellcheck disable=SC2016 # the inner shell has words of its own
move_entries() { entries "$1" -exec sh -c 'to=$1; shift; mv "$@" "$to/"' sh "$2" {} +; }

# How the swap of a tree stands: none (nothing is aside), half or whole.
tree_swap() {
  local root=$SOURCES/$1
  if [ ! -d "$root/.before-restoring" ]; then echo none
  elif [ ! -e "$root/.before-restoring/.restoring-complete" ]; then echo half
  elif [ -d "$root/.restoring" ] && [ -n "$(find "$root/.restoring" -mindepth 1 -maxdepth 1)" ]; then echo half
  else echo whole; fi
}

# Which data counts, old or new, by the mark; without one by what is there, given as words of tree_swap.
which_counts() {
  case "$(phase)" in
    swapping) echo old ;;
    done | finishing) echo new ;;
    *)
      case " $* " in
        # Something is not swapped whole, so the swap was not done.
        *" half "*) echo old ;;
        *" whole "*) fail "the mark of a restore is lost, and the data from before it and its own are both there; allowed: one of them; keep the restored data with: npm run restore -- --finish, or put the old back with: npm run restore -- --undo" ;;
        *) echo old ;;
      esac
      ;;
  esac
}

# recover_trees WHICH: leaves the files that count. What is aside goes only where all that took its place is there.
recover_trees() {
  local tree root
  for tree in $BACKUP_TREES; do
    root=$SOURCES/$tree
    if [ "$1" = old ] || [ "$(tree_swap "$tree")" = half ]; then
      if [ -e "$root/.before-restoring/.restoring-complete" ]; then
        entries "$root" -exec rm -rf {} +
        rm "$root/.before-restoring/.restoring-complete"
      fi
      if [ -d "$root/.before-restoring" ]; then move_entries "$root/.before-restoring" "$root"; fi
    fi
    rm -rf "$root/.restoring" "$root/.before-restoring"
  done
}

trees_swapped() {
  local tree
  for tree in $BACKUP_TREES; do tree_swap "$tree"; done
}

# Paths of tree $1 that somebody takes as they are, named as a failed restore shows them.
accepted() {
  local name
  while IFS= read -r name; do
    [[ $name == "$1:"* ]] || continue
    printf -v name '%b' "${name#"$1:"}"
    name=${name//\\/\\\\}
    echo "${name//$'\n'/\\n}"
  done <<<"${BACKUP_ACCEPT:-}"
}

# prepare_trees WHICH SNAPSHOT: the new files beside the old ones, compared.
prepare_trees() {
  local which=$1 id=$2 tree root
  for tree in $BACKUP_TREES; do
    root=$SOURCES/$tree
    if [ ! -e "$SET/trees/$tree.sha256" ]; then
      say "the set has no files of $tree; they stay as they are"
      continue
    fi
    say "restoring and comparing the files of $tree"
    mkdir -p "$root/.restoring"
    repository "$which" restore -q --no-lock --sparse "$id:$SOURCES/$tree" --target "$root/.restoring" >&2 || fail "the files of $tree cannot be restored; see the message above; nothing was overwritten"
    accepted "$tree" >"$WORK/accepted"
    check_tree "$SET/trees/$tree" "$root/.restoring" "$WORK/accepted"
  done
}

swap_trees() {
  local tree root
  for tree in $BACKUP_TREES; do
    root=$SOURCES/$tree
    [ -d "$root/.restoring" ] || continue
    mkdir -p "$root/.before-restoring"
    move_entries "$root" "$root/.before-restoring"
    # From here on what is at the root is new.
    : >"$root/.before-restoring/.restoring-complete"
    move_entries "$root/.restoring" "$root"
  done
}
