# A dump of another system in place of one database; restore.sh swaps it.
readonly DUMP=$WORK/import.dump COUNTS=$WORK/import.counts

# receive: an empty place for the file.
receive() {
  refuse_interrupted_restore
  recover
  rm -rf "$WORK"
  mkdir -m 700 "$WORK"
}

is_archive() { [ "$(head -c 5 "$DUMP")" = PGDMP ]; }

# Rows by table, as the file has them: those of COPY, whose every line is a row.
count_archive() {
  pg_restore --data-only --no-owner --file - "$DUMP" | awk '
    rows == "" && match($0, /^COPY ("([^"]|"")*"|[^" ])+ /) && / FROM stdin;$/ { rows = substr($0, 6, RLENGTH - 6); counted[rows] += 0; next }
    rows != "" && $0 == "\\." { rows = ""; next }
    rows != "" { counted[rows]++ }
    END { for (table in counted) print table "\t" counted[table] }' >"$COUNTS"
}

# What it makes belongs to the owner of the database. Roles, rights, tablespaces and copies of data stay with the other system.
load_archive() {
  pg_restore --list "$DUMP" | grep -v -e ' EXTENSION - plpgsql' -e ' COMMENT - EXTENSION ' >"$WORK/import.list" || true
  pg_restore --dbname "$1" --use-list "$WORK/import.list" --exit-on-error --jobs 2 --no-password \
    --no-owner --no-privileges --no-tablespaces --no-publications --no-subscriptions --no-security-labels "$DUMP"
}

load_plain() { psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$1" --file "$DUMP" >/dev/null; }

# compare_counts TARGET: rows of each table in the file and in the database.
compare_counts() {
  sort -o "$COUNTS" "$COUNTS"
  query "$1" <<SQL | sort >"$WORK/found"
\\set counts \`cat $COUNTS\`
SELECT format('SELECT %L, count(*) FROM %s%s', f[1], CASE relkind WHEN 'r' THEN 'ONLY ' END, pg_class.oid::regclass)
  FROM (SELECT string_to_array(line, E'\\t') AS f FROM regexp_split_to_table(:'counts', E'\\n') AS line WHERE line <> '') AS counted
  JOIN pg_class ON pg_class.oid = to_regclass(f[1]) \\gexec
SQL
  cmp -s "$COUNTS" "$WORK/found" || fail "database $BACKUP_DATABASES: rows of the file ($(comm -23 "$COUNTS" "$WORK/found" | head -n 5 | paste -sd ';')) are not those of the loaded copy ($(comm -13 "$COUNTS" "$WORK/found" | head -n 5 | paste -sd ';')); nothing was overwritten"
}

# What was loaded: rows and checksum of each table, and the tables whose rows the file does not let anybody count.
loaded_facts() {
  table_facts "$1" "" >"$WORK/facts"
  query "$1" <<SQL
\\set facts \`cat $WORK/facts\`
\\set counts \`cat $COUNTS\`
WITH facts AS (SELECT string_to_array(line, E'\\t') AS f FROM regexp_split_to_table(:'facts', E'\\n') AS line WHERE line <> ''),
     counted AS (SELECT to_regclass(split_part(line, E'\\t', 1))::oid AS oid FROM regexp_split_to_table(:'counts', E'\\n') AS line WHERE line <> ''),
     loaded AS (SELECT f[1] AS name, f[2]::bigint AS rows, f[3] AS checksum, pg_class.oid
                  FROM facts JOIN pg_namespace ON starts_with(f[1], nspname || '.') JOIN pg_class ON relnamespace = pg_namespace.oid AND relname = substr(f[1], length(nspname) + 2) AND relkind = 'r')
SELECT jsonb_build_object('tables', coalesce(jsonb_object_agg(name, jsonb_build_object('rows', rows, 'checksum', checksum)), '{}'),
  'notCounted', coalesce(jsonb_agg(name ORDER BY name COLLATE "C") FILTER (WHERE rows > 0 AND NOT EXISTS (
    SELECT FROM counted WHERE counted.oid = loaded.oid OR counted.oid IN (SELECT relid FROM pg_partition_ancestors(loaded.oid)))), '[]')) FROM loaded;
SQL
}

load() {
  local database=$BACKUP_DATABASES target=${BACKUP_DATABASES}__restoring owner
  [ -s "$DUMP" ] || fail "there is no file to load; allowed: this after receive; nothing was overwritten"
  owner=$(query postgres -v "name=$database" <<<"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = :'name'")
  [ -n "$owner" ] || fail "database $database is not there; allowed: one of the stack; run: npm run up"
  # It sorts and encodes as the database that it takes the place of.
  mkdir -p "$SET/postgres"
  query postgres -v "name=$database" >"$SET/manifest.json" <<SQL
SELECT jsonb_build_object('databases', jsonb_build_object(datname, jsonb_build_object('locale', $LOCALE_OF_DATABASE))) FROM pg_database WHERE datname = :'name';
SQL
  create_database "$SET/postgres/$database.dump" "$target" "$owner"
  query postgres <<<"REVOKE ALL ON DATABASE \"$target\" FROM PUBLIC"
  if is_archive; then
    say "counting the rows of the file"
    count_archive || fail "the file cannot be read whole; see the message above; nothing was overwritten"
  fi
  say "loading database $database as role $owner"
  (
    export PGOPTIONS="$PGOPTIONS -c role=$owner"
    if is_archive; then load_archive "$target"; else load_plain "$target"; fi
  ) || fail "the file cannot be loaded into database $database; see the message above; nothing was overwritten"
  say "comparing it with the file"
  compare_counts "$target"
  loaded_facts "$target"
}
