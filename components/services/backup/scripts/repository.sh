# The repositories of a stack, and who may write to the remote one.
. "$(dirname "$0")/owner.sh"

# Runs restic on the repository `local` or `remote`.
repository() {
  local which=$1
  shift
  case "$which" in
    local) restic --repo "$LOCAL_REPOSITORY" --no-cache "$@" ;;
    remote) restic --repo "$BACKUP_REMOTE" --cache-dir "${BACKUP_CACHE:-/backup/cache}" "$@" ;;
  esac
}

# open_repository WHICH [arguments of init]: an absent one is made only when arguments are given, and never in place of one that is lost.
open_repository() {
  local which=$1 code=0 answer
  shift
  # Without a lock: the repository of another stack is mounted read-only.
  answer=$(timeout 60 restic --repo "$(address "$which")" --no-cache --no-lock cat config 2>&1 >/dev/null) || code=$?
  # What S3 refuses restic tries again until the time is over; only its messages tell why.
  if [ "$code" -ne 0 ]; then
    case "$answer" in
      *"bucket does not exist"*)
        [ $# -gt 0 ] || fail "the bucket of the $which repository at $(address "$which") does not exist; allowed: a bucket that a backup has made or filled; check apprun:backup.remote.bucket"
        code=10
        ;;
      *"Access Key Id"* | *"request signature"* | *"Access Denied"* | *"AccessDenied"*)
        fail "the $which repository at $(address "$which") refuses the key: $(tr '\r' '\n' <<<"$answer" | grep -m 1 -o 'Stat: .*' || tail -n 1 <<<"$answer"); allowed: a key that may read and write the bucket; set the secrets apprun:backupAccessKeyId and apprun:backupSecretAccessKey"
        ;;
    esac
  fi
  case "$code" in
    0) ;;
    10)
      [ $# -gt 0 ] || fail "the $which repository is not there; allowed: one that a backup has made; run: npm run backup"
      refuse_lost "$which" "there is none"
      say "making the $which repository"
      repository "$which" init -q "$@" >&2
      # Its group may read it: where nobody is root, each service's own user restores its files. restic keeps to these modes.
      [ "$which" != local ] || chmod -R g+rX "$LOCAL_REPOSITORY"
      ;;
    12) adopt_password "$which" || fail "the $which repository has another password; allowed: the password that it was made with, which is in the state of the stack that made it; bring that back: npm run state -- restore FILE" ;;
    # timeout ends with the signal's code in busybox, and with one of its own in GNU.
    124 | 143) fail "the $which repository at $(address "$which") does not answer within 60 s; check the network and apprun:backup.remote" ;;
    *) fail "the $which repository at $(address "$which") cannot be opened: $(tail -n 1 <<<"$answer")" ;;
  esac
}

# A repository that has an older password of this stack gets the current one; restic removes the older only after that.
adopt_password() {
  local old
  [ -e "$PASSWORDS_BEFORE" ] || return 1
  while read -r old; do
    if RESTIC_PASSWORD_FILE=<(echo "$old") repository "$1" key passwd --new-password-file "$PASSWORD_FILE" >&2; then
      say "the $1 repository has the current password now"
      return
    fi
  done <"$PASSWORDS_BEFORE"
  return 1
}

# owe_prune WHICH: something was forgotten, and its room is given back when old sets go, by the next run where this one is killed.
owe_prune() { remember "prune-$1" owed; }

address() { if [ "$1" = local ]; then echo "$LOCAL_REPOSITORY"; else echo "$BACKUP_REMOTE"; fi; }

# refuse_lost WHICH WHAT: where sets were put, and are no longer, somebody must say that a new history may begin.
refuse_lost() {
  local last
  last=$(remembered "success-$1")
  [ "$last" -eq 0 ] || [ -n "${NEW_REPOSITORY:-}" ] ||
    fail "the $1 repository is lost: $2 at $(address "$1"), where a set was put at $(date -u -d "@$last" '+%Y-%m-%d %H:%M UTC'); allowed: the repository that has the older sets; bring it back, or where they are not needed begin a new one: npm run backup -- --new-repository"
}

# Snapshots of the local repository into the remote one, which is made where there is none.
upload() {
  local there from=(--from-repo "$LOCAL_REPOSITORY" --from-password-file "$PASSWORD_FILE")
  open_repository remote --repository-version 2 "${from[@]}" --copy-chunker-params
  there=$(list_remote) || fail "the remote repository at $BACKUP_REMOTE cannot be read; see the message above"
  if [ "$(remembered sets-remote)" -gt 0 ] && [[ $there != *'"complete"'* ]]; then refuse_lost remote "there is no set"; fi
  own_remote "$there"
  # Only the locks of programs that are gone: restic knows its own host's, and others by their age.
  repository remote unlock -q >&2
  repository remote copy -q "${from[@]}" "$@" >&2
}

# Snapshots with these tags, oldest first, one id a line.
snapshot_ids() { repository "$1" snapshots --json --no-lock --host "${FROM:?}" --tag "$2" | grep -o '"id":"[0-9a-f]\{64\}"' | cut -d'"' -f4 || true; }
