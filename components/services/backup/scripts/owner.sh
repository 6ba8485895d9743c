# One host writes to the remote repository. A small snapshot says which; it is renewed with the uploads.

# Seconds after which the owner says again that it is there.
readonly RENEWAL=43200

# This stack's volume of backups, whichever container or host has it.
host_id() {
  [ -s "$STATE/host-id" ] || remember host-id "$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')"
  cat "$STATE/host-id"
}

# owner and seconds since 1970 of the newest note among these snapshots; nothing where there is none.
newest_owner() {
  grep -o '"owner","id=[0-9a-f]*","at=[0-9]*"' | tr -d '"' | sed 's/owner,id=//; s/,at=/ /' | sort -n -k 2 | tail -n 1 || true
}

# Every snapshot of this stack in the remote repository, as restic's JSON.
list_remote() { repository remote snapshots --json --no-lock --host "$BACKUP_STACK"; }

# own_remote SNAPSHOTS: a repository that another host writes to is refused, because both would remove what the other needs.
own_remote() {
  local own owner at now seen
  own=$(host_id)
  now=$(date +%s)
  read -r owner at <<<"$(newest_owner <<<"$1")" || true
  if [ -z "${owner:-}" ] && [ "$(remembered success-remote)" -eq 0 ] && [[ $1 == *'"complete"'* ]]; then owner=unknown; fi
  if [ -n "${owner:-}" ] && [ "$owner" != "$own" ]; then
    seen=unknown
    [ -z "${at:-}" ] || seen=$(date -u -d "@$at" '+%Y-%m-%d %H:%M UTC')
    [ -n "${TAKE_OVER:-}" ] ||
      fail "the remote repository at $BACKUP_REMOTE has sets that another host of $BACKUP_STACK put there (last sign: $seen); allowed: one host; switch the other off, then: npm run backup -- --take-over; or give one of them another bucket: apprun:backup.remote.bucket"
    say "this host takes the remote repository over"
    at=0
  fi
  [ $((now - ${at:-0})) -gt "$RENEWAL" ] || return 0
  echo "$own" | repository remote backup -q --host "$BACKUP_STACK" --tag "owner,id=$own,at=$now" --stdin --stdin-filename owner >&2
  # Of two that came at once one goes on.
  [ "$(list_remote | newest_owner | cut -d' ' -f1)" = "$own" ] || fail "another host of $BACKUP_STACK takes the remote repository at $BACKUP_REMOTE over; see apprun:backup.remote"
  # A note that cannot go now, because somebody else has locked the repository, goes the next time.
  repository remote forget -q --host "$BACKUP_STACK" --tag owner --group-by host --keep-last 1 >&2 || say "older notes of the owner stay for now"
  owe_prune remote
}
