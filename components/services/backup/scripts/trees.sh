# What is known of the files of a volume while others write it.

# Entries at the root of tree $1 that are not backed up, as `find` and restic want them.
excluded() {
  local entry
  for entry in .restoring .before-restoring lost+found $(awk -F'\t' -v tree="$1" '$1 == tree { print $2 }' /etc/backup/trees.tsv); do echo "$entry"; done
}

# Files and directories of tree $1 that may not be read. Only root reads lost+found, the file system's own.
unreadable_in_tree() {
  local prune=() entry
  while read -r entry; do prune+=(-o -path "./$entry"); done < <(excluded "$1")
  (cd "$SOURCES/$1" && find . \( "${prune[@]:1}" \) -prune -o \( -type f -o -type d \) -exec sh -c \
    'for path; do if [ ! -r "$path" ] || { [ -d "$path" ] && [ ! -x "$path" ]; }; then printf "%s\n" "$path"; fi; done' sh {} + 2>/dev/null) || true
}

# size, times and path of every file of tree $1, sorted.
stat_tree() {
  local prune=() entry
  while read -r entry; do prune+=(-o -path "./$entry"); done < <(excluded "$1")
  (cd "$SOURCES/$1" && find . \( "${prune[@]:1}" \) -prune -o -type f -print0 | sort -z | xargs -0 -r stat -c '%s %Y %Z %n')
}

# facts_of_tree TREE: a checksum before each line of stat_tree. Files that are
# as they were in the last list keep their checksum, as they do in restic.
facts_of_tree() {
  local list=$STATE/trees/$1
  mkdir -p "$STATE/trees"
  touch "$list"
  stat_tree "$1" >"$list.stat"
  awk -v list="$list" -v unknown="$list.unknown" 'BEGIN { printf "" >unknown; while ((getline line <list) > 0) { sum[substr(line, 66)] = substr(line, 1, 64) } }
    $0 in sum { print sum[$0] "\t" $0; next } { print >unknown }' "$list.stat" >"$list.known"
  (cd "$SOURCES/$1" && cut -d' ' -f4- "$list.unknown" | tr '\n' '\0' | xargs -0 -r sha256sum) | cut -c1-64 | paste - "$list.unknown" | sed '/^\t$/d' >"$list.hashed" || return 1
  sort "$list.known" "$list.hashed" >"$list.new"
  [ "$(wc -l <"$list.new")" -eq "$(wc -l <"$list.stat")" ] || return 1
  mv "$list.new" "$list"
  rm -f "$list".stat "$list".known "$list".unknown "$list".hashed
}

# Files of tree $1 that are no longer as the list says: written or removed meanwhile. New files do not matter.
changed_in_tree() { comm -23 <(cut -f2 "$STATE/trees/$1" | sort) <(stat_tree "$1" | sort); }
