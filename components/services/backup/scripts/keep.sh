# What a repository keeps.

# What nothing guarantees goes. Sets without files are counted apart: they never push a complete one out.
forget_old() {
  local which=$1 tag answer
  for tag in complete partial; do
    [ "$tag" = complete ] || [ "$(remembered "partial-$which")" != none ] || continue
    answer=$(repository "$which" forget --json --host "$BACKUP_STACK" --tag "$tag" --group-by host --keep-within "$(kept "$which" DAYS)d" --keep-last "$(kept "$which" COUNT)" \
      --keep-weekly "$(kept "$which" WEEKLY)" --keep-monthly "$(kept "$which" MONTHLY)" --keep-yearly "$(kept "$which" YEARLY)") || return
    [[ $answer != *'"remove":[{'* ]] || owe_prune "$which"
    [ "$tag" = complete ] || [[ $answer == *'"keep":[{'* ]] || remember "partial-$which" none
  done
  drop_points "$which" || return
  # Each call of restic derives its key again, for half a second or more: none is made for nothing.
  [ -e "$STATE/prune-$which" ] || return 0
  repository "$which" prune -q >&2 || return
  rm -f "$STATE/prune-$which"
}

# keep WHICH: removes what is not kept, and notes what is. No size takes a set that is guaranteed: an alert tells.
keep() {
  local which=$1 code=0 size sets
  forget_old "$which" || code=$?
  case "$code" in
    0) ;;
    11) say "the $which repository is locked by another program, so old sets stay until the next backup; the lock of one that is gone counts for 30 minutes" ;;
    *) fail "old sets could not be removed from the $which repository; see the message above" ;;
  esac
  case "$which" in
    local) size=$(($(du -sk "$LOCAL_REPOSITORY" | cut -f1) * 1024)) ;;
    remote) size=$(repository "$which" stats --no-lock --mode raw-data --json | grep -o '"total_size":[0-9]*' | cut -d: -f2) ;;
  esac
  sets=$(set_names "$which" complete)
  remember "size-$which" "${size:-0}"
  remember "sets-$which" "$(grep -c . <<<"$sets" || true)"
  remember "oldest-$which" "$([ -z "$sets" ] || date_of_set "$(head -n 1 <<<"$sets")")"
  if [ "${size:-0}" -gt "$(($(kept "$which" SIZE) * 1048576))" ]; then
    say "the $which repository is larger than $(kept "$which" SIZE) MiB; its sets are guaranteed and stay"
  fi
}

# date_of_set SET: in seconds since 1970.
date_of_set() { date -u -d "${1:0:4}-${1:4:2}-${1:6:2} ${1:9:2}:${1:11:2}:${1:13:2}" +%s; }
