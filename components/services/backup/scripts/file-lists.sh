# Lists with one line a file, whatever its name: a backslash is written \\ and a newline \n, as GNU's sha256sum writes them.
# What `find .` prints has no double slash. One is put where a record begins, so a name that looks like a record is none.

# times, size, exact times and path of the files whose paths come in, each ended by a zero byte; what is gone has no line.
stat_files() {
  { TZ=UTC xargs -0 -r stat -c $'//%Y %Z\t%s\t%y\t%z\t%n' 2>/dev/null || true; } |
    awk 'function flush() { if (NR > 1) print record }
      { line = $0; gsub(/\\/, "&&", line) }
      substr(line, 1, 2) == "//" { flush(); record = substr(line, 3); next }
      { record = record "\\n" line }
      END { if (NR > 0) print record }'
}

# Checksum and path of the files below the current directory whose paths come in, one a line; what cannot be read has no line.
sum_files() {
  local paths
  while mapfile -t -n 1000 paths && [ "${#paths[@]}" -gt 0 ]; do printf './/%b\0' "${paths[@]#./}"; done |
    { xargs -0 -r sha256sum 2>/dev/null || true; } |
    awk '
      # GNU writes a carriage return as \r too.
      function plain(text,    rest, at, pair, out) {
        for (rest = text; (at = index(rest, "\\")) > 0; rest = substr(rest, at + 2)) {
          pair = substr(rest, at, 2)
          out = out substr(rest, 1, at - 1) (pair == "\\r" ? "\r" : pair)
        }
        return out rest
      }
      function flush() { if (NR > 1) print record }
      # GNU marks a line with such a name by a backslash before it, busybox writes the name as it is.
      { line = $0; marked = substr(line, 1, 1) == "\\" && substr(line, 66, 5) == "  .//"; if (marked) line = substr(line, 2) }
      substr(line, 65, 5) == "  .//" {
        flush()
        path = substr(line, 70)
        if (marked) path = plain(path); else gsub(/\\/, "&&", path)
        record = substr(line, 1, 64) "\t./" path
        next
      }
      { gsub(/\\/, "&&", line); record = record "\\n" line }
      END { if (NR > 0) print record }'
}

# shown_paths [PREFIX]: the first paths of a list that comes in, in letters that any text may hold; `printf %b` reads them.
shown_paths() {
  awk -v prefix="${1:-}" '
    BEGIN { for (i = 1; i < 256; i++) code[sprintf("%c", i)] = sprintf("\\%04o", i) }
    NR > 3 { more = " and more"; next }
    {
      out = ""
      for (i = 1; i <= length($0); i++) { letter = substr($0, i, 1); out = out (letter ~ /[ -~]/ ? letter : code[letter]) }
      printf "%s\"%s%s\"", (NR > 1 ? ", " : ""), prefix, out
    }
    END { print more }'
}
