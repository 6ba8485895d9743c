# What one run leaves for the next in the volume of backups, where every clone and the schedule see it.

# How far a restore is that is not finished: swapping, done (what it brought is in place) or finishing (the old goes).
readonly MARK=$STATE/swap
# Who keeps the backups to itself between the steps of a restore, and until when if it is never heard of again.
readonly HELD=$STATE/held HOLD_SECONDS=7200

# Aside first: a full disk must not leave half a word.
write_whole() {
  printf '%s\n' "$2" >"$1.new"
  sync "$1.new"
  mv "$1.new" "$1"
}

phase() { cat "$MARK" 2>/dev/null || true; }
# A mark that is there already needs no room on a disk that is full.
mark() { [ "$(phase)" = "$1" ] || write_whole "$MARK" "$1"; }

# Half of the old and half of the new is no state to keep.
refuse_interrupted_restore() {
  [ "$(phase)" != swapping ] || fail "a restore was interrupted while it swapped the data; allowed: this once it is undone; run: npm run restore -- --undo"
}

holder() { cut -d' ' -f1 "$HELD" 2>/dev/null || true; }
holds() { [ -n "${BACKUP_OWNER:-}" ] && [ "$(holder)" = "$BACKUP_OWNER" ]; }
hold() {
  [ -n "${BACKUP_OWNER:-}" ] || return 0
  # A volume that has held no backup yet is empty.
  mkdir -p "$STATE"
  write_whole "$HELD" "$BACKUP_OWNER $(($(date +%s) + HOLD_SECONDS))"
}
let_go() { rm -f "$HELD"; }

# Between the steps of a restore nobody else begins.
refuse_held() {
  local end
  end=$(cut -d' ' -f2 "$HELD" 2>/dev/null) || return 0
  if holds || [ "${end:-0}" -le "$(date +%s)" ]; then return 0; fi
  fail "a restore of $BACKUP_STACK is under way; allowed: one at a time; wait for its end, or where its command line is gone run: npm run restore -- --undo"
}
