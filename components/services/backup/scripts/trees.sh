# What is known of the files of a volume while others write it.
. "$(dirname "$0")/file-lists.sh"

# A file this young may be written again within the same tick of the clock: its checksum is not used again.
readonly YOUNG=2
# Longer paths pass the kernel's limit where a restore puts the files aside.
readonly LONGEST_PATH=4000

# Entries at the root of tree $1 that are not backed up, as `find` and restic want them.
excluded() {
  local entry
  for entry in .restoring .before-restoring lost+found $(awk -F'\t' -v tree="$1" '$1 == tree { print $2 }' /etc/backup/trees.tsv); do echo "$entry"; done
}

# find_in_tree TREE [the rest of find's words]: what is below the tree's root except for what is not backed up.
find_in_tree() {
  local tree=$1 prune=() entry
  shift
  while read -r entry; do prune+=(-o -path "./$entry"); done < <(excluded "$tree")
  cd "$SOURCES/$tree" || exit
  find . \( "${prune[@]:1}" \) -prune -o "$@" 2>/dev/null || true
}

# Files and directories of tree $1 that may not be read. Only root reads lost+found, the file system's own.
unreadable_in_tree() {
  # shellcheck disable=SC2016 # the inner shell has words of its own
  (find_in_tree "$1" \( -type f -o -type d \) -exec bash -c \
    'for path; do if [ ! -r "$path" ] || { [ -d "$path" ] && [ ! -x "$path" ]; }; then printf "%s\0" "$path"; fi; done' bash {} +) |
    (cd "$SOURCES/$1" && stat_files) | cut -f5-
}

# What every file of tree $1 looks like: times in seconds, size, exact times and path.
stat_tree() { (find_in_tree "$1" -type f -print0) | (cd "$SOURCES/$1" && stat_files) | sort; }

# list_tree TREE LIST: checksum, size, exact times and path of every file. Files that are
# as they were in the last list keep their checksum, as they do in restic.
list_tree() {
  local tree=$1 list=$2 known=$STATE/files/$1 now
  mkdir -p "$STATE/files"
  touch "$known"
  now=$(date +%s)
  stat_tree "$tree" >"$list.stat"
  awk -v known="$known" -v unknown="$list.unknown" '
    BEGIN { printf "" >unknown; while ((getline line <known) > 0) sum[substr(line, 66)] = substr(line, 1, 64) }
    { file = substr($0, index($0, "\t") + 1) }
    file in sum { print sum[file] "\t" file; next }
    { print file >unknown }' "$list.stat" >"$list.known"
  (cd "$SOURCES/$tree" && cut -f4- "$list.unknown" | sum_files) >"$list.sums"
  awk -v sums="$list.sums" '
    function path_of(line,    field) { for (field = 0; field < 3; field++) line = substr(line, index(line, "\t") + 1); return line }
    BEGIN { while ((getline line <sums) > 0) sum[substr(line, 66)] = substr(line, 1, 64) }
    path_of($0) in sum { print sum[path_of($0)] "\t" $0 }' "$list.unknown" | sort - "$list.known" >"$list"
  awk -v files="$list.stat" -v young=$((now - YOUNG)) '
    BEGIN { while ((getline line <files) > 0) { split(line, times, /[ \t]/); if (times[1] < young && times[2] < young) old[substr(line, index(line, "\t") + 1)] } }
    substr($0, 66) in old' "$list" >"$known.new"
  mv "$known.new" "$known"
  rm -f "$list".stat "$list".unknown "$list".known "$list".sums
}

# Paths of list $1 that cannot be restored.
too_long() { cut -f5- "$1" | awk -v longest="$LONGEST_PATH" 'length($0) > longest'; }

# Paths of list $1 that were written in the last $2 seconds.
written_lately() {
  local since
  since=$(date -u -d "@$(($(date +%s) - $2))" '+%Y-%m-%d %H:%M:%S')
  awk -F'\t' -v since="$since" '$3 >= since' "$1" | cut -f5-
}

# Paths of the files of tree $1 that are no longer as list $2 says: written or removed meanwhile. New files do not matter.
changed_in_tree() { comm -23 <(cut -f2- "$2" | sort) <(stat_tree "$1" | cut -f2- | sort) | cut -f4- | sort; }

# vouch LIST HOT NAME: the checksums that a set vouches for, as sha256sum reads them, and when each file was written:
# all except for the files of list HOT.
vouch() {
  sort -t $'\t' -k 5 "$1" | awk -v hot="$2" -v times="$3.times" '
    BEGIN { printf "" >times; while ((getline line <hot) > 0) skip[line] }
    { split($0, field, "\t"); path = $0; for (i = 0; i < 4; i++) path = substr(path, index(path, "\t") + 1) }
    !(path in skip) { print (index(path, "\\") ? "\\" : "") field[1] "  " path; print field[3] >times }' >"$3.sha256"
}

# check_tree NAME DIRECTORY [ACCEPTED]: every file of the list NAME.sha256 is there with its content, except for those of
# list ACCEPTED. What restic read at another moment than the list was made has another time: nobody vouches for it.
check_tree() {
  local name=$1 directory=$2 accepted=${3:-/dev/null} work=${WORK:?}/check
  [ -s "$name.sha256" ] || return 0
  # Lists of older versions have no times, and a name with a backslash as it is.
  awk 'substr($0, 1, 1) == "\\" { print substr($0, 2, 64) "\t" substr($0, 68); next }
    { path = substr($0, 67); gsub(/\\/, "&&", path); print substr($0, 1, 64) "\t" path }' "$name.sha256" >"$work.listed"
  (cd "$directory" && cut -f2- "$work.listed" | sum_files) >"$work.sums"
  awk -v sums="$work.sums" 'BEGIN { while ((getline line <sums) > 0) found[line] } !($0 in found) { print NR "\t" substr($0, 66) }' "$work.listed" >"$work.wrong"
  if [ -s "$work.wrong" ] && [ -e "$name.times" ]; then
    (cd "$directory" && cut -f2- "$work.wrong" | while IFS= read -r path; do printf '%b\0' "$path"; done | stat_files) | cut -f3,5- >"$work.times"
    awk -v times="$name.times" -v restored="$work.times" '
      BEGIN { while ((getline line <times) > 0) listed[++n] = line
        while ((getline line <restored) > 0) at[substr(line, index(line, "\t") + 1)] = substr(line, 1, index(line, "\t") - 1) }
      { path = substr($0, index($0, "\t") + 1) }
      !(path in at) || at[path] == listed[$1]' "$work.wrong" >"$work.kept"
    mv "$work.kept" "$work.wrong"
  fi
  cut -f2- "$work.wrong" | sort | comm -23 - <(sort "$accepted") >"$work.paths"
  [ ! -s "$work.paths" ] || fail "files of ${name##*/} are not what the manifest says: $(shown_paths "${name##*/}:" <"$work.paths"); allowed: to take them as they are, each with --accept, or the databases alone with --databases"
}
