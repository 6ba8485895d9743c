# What a repository keeps.

# The sets of repository $1 with tag $2 that it keeps, as restic's JSON.
kept_file() { echo "$WORK/kept.$1.$2"; }

# What restic's forget ended with; what is kept is known all the same.
FORGOT=0

# What nothing guarantees goes, and the rest is listed. Sets without files are counted apart: they never push a complete one out.
forget_old() {
  local which=$1 tag answer
  FORGOT=0
  for tag in complete partial; do
    : >"$(kept_file "$which" "$tag")"
    [ "$tag" = complete ] || [ "$(remembered "partial-$which")" != none ] || continue
    answer=$(repository "$which" forget --json --host "$BACKUP_STACK" --tag "$tag" --group-by host --keep-within "$(kept "$which" DAYS)d" --keep-last "$(kept "$which" COUNT)" \
      --keep-weekly "$(kept "$which" WEEKLY)" --keep-monthly "$(kept "$which" MONTHLY)" --keep-yearly "$(kept "$which" YEARLY)") || {
      FORGOT=$?
      answer=$(repository "$which" snapshots --json --no-lock --host "$BACKUP_STACK" --tag "$tag")
    }
    [[ $answer != *'"remove":[{'* ]] || owe_prune "$which"
    # Of forget's answer, what it keeps; a snapshot a line.
    sed 's/.*"keep":\(.*\),"remove":.*/\1/; s/"short_id"/\n/g' <<<"$answer" >"$(kept_file "$which" "$tag")"
    [ "$tag" = complete ] || grep -q '"id":' "$(kept_file "$which" "$tag")" || remember "partial-$which" none
  done
}

# kept_id WHICH SET: restic's id of a set that is kept, complete or not.
kept_id() { cat "$(kept_file "$1" complete)" "$(kept_file "$1" partial)" | grep -F "\"set=$2\"" | grep -o '"id":"[0-9a-f]\{64\}"' | cut -d'"' -f4 || true; }

# The names of the complete sets that are kept, oldest first.
kept_sets() { grep -o '"set=[0-9TZ]*"' "$(kept_file "$1" complete)" | tr -d '"' | cut -d= -f2 | sort -u || true; }

# Gives back the room of what is gone.
prune() {
  local which=$1
  drop_points "$which" || return
  # Each call of restic derives its key again, for half a second or more: none is made for nothing.
  [ -e "$STATE/prune-$which" ] || return 0
  repository "$which" prune -q >&2 || return
  rm -f "$STATE/prune-$which"
}

# keep WHICH: after forget_old, gives room back and notes what is kept. No size takes a set that is guaranteed: an alert tells.
keep() {
  local which=$1 code=$FORGOT size sets
  [ "$code" -ne 0 ] || prune "$which" || code=$?
  case "$code" in
    0) ;;
    11) say "the $which repository is locked by another program, so old sets stay until the next backup; the lock of one that is gone counts for 30 minutes" ;;
    *) fail "old sets could not be removed from the $which repository; see the message above" ;;
  esac
  case "$which" in
    local) size=$(($(du -sk "$LOCAL_REPOSITORY" | cut -f1) * 1024)) ;;
    remote) size=$(repository "$which" stats --no-lock --mode raw-data --json | grep -o '"total_size":[0-9]*' | cut -d: -f2) ;;
  esac
  sets=$(kept_sets "$which")
  remember "size-$which" "${size:-0}"
  remember "sets-$which" "$(grep -c . <<<"$sets" || true)"
  remember "oldest-$which" "$([ -z "$sets" ] || date_of_set "$(head -n 1 <<<"$sets")")"
  if [ "${size:-0}" -gt "$(($(kept "$which" SIZE) * 1048576))" ]; then
    say "the $which repository is larger than $(kept "$which" SIZE) MiB; its sets are guaranteed and stay"
  fi
}

# date_of_set SET: in seconds since 1970.
date_of_set() { date -u -d "${1:0:4}-${1:4:2}-${1:6:2} ${1:9:2}:${1:11:2}:${1:13:2}" +%s; }
