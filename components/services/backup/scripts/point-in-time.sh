# The databases as they were at a moment, in place of a set's dumps.

# Dumps, roles and facts of the recovered server, laid out as a set has them.
dump_recovered() {
  local database owner locale
  : >"$WORK/facts"
  pg_dumpall --globals-only --no-role-passwords --no-password --file "$SET/postgres/roles.sql"
  for database in $BACKUP_DATABASES; do
    owner=$(query "$MAINTENANCE" -v "name=$database" <<<"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = :'name'")
    locale=$(query "$MAINTENANCE" -v "name=$database" <<<"SELECT $LOCALE_OF_DATABASE FROM pg_database WHERE datname = :'name'")
    [ -n "$owner" ] || fail "there was no database $database at $(utc "$1"); allowed: a moment after it was made; nothing was overwritten"
    say "dumping database $database as of $(utc "$1")"
    pg_dump --format custom --compress 0 --no-password --file "$SET/postgres/$database.dump" "$database"
    # A database without tables has a line too.
    printf '%s\t%s\t%s\n' "$database" "$owner" "$locale" >>"$WORK/facts"
    table_facts "$database" "" >"$WORK/facts.$database"
    sed "s/^/$database\t$owner\t\t/" "$WORK/facts.$database" >>"$WORK/facts"
  done
  (cd "$SET/postgres" && sha256sum ./*.dump roles.sql >dumps.sha256)
}

# dump_moment WHICH MOMENT: recovers, dumps, and says so in the set's manifest.
dump_moment() {
  [ -n "$ARCHIVE" ] || fail "point in time: the option is off; allowed: a stack with apprun:backup.pointInTime.enabled; nothing was overwritten"
  (
    recover_to "$1" "$2" own
    dump_recovered "$2"
  ) >&2
  stop_point
  query "$MAINTENANCE" -v "moment=$(utc "$2")" >"$WORK/manifest.json" <<SQL
\\set manifest \`cat $SET/manifest.json\`
\\set facts \`cat $WORK/facts\`
WITH facts AS (SELECT string_to_array(line, E'\\t') AS f FROM regexp_split_to_table(:'facts', E'\\n') AS line),
     databases AS (SELECT f[1] AS name, f[2] AS owner, max(nullif(f[3], ''))::jsonb AS locale,
                          coalesce(jsonb_object_agg(f[4], jsonb_build_object('rows', f[5]::bigint, 'checksum', f[6])) FILTER (WHERE f[4] IS NOT NULL), '{}') AS tables
                     FROM facts GROUP BY 1, 2)
SELECT jsonb_pretty((:'manifest')::jsonb || jsonb_build_object('pointInTime', :'moment',
  'databases', (SELECT jsonb_object_agg(name, jsonb_build_object('owner', owner, 'locale', locale, 'tables', tables)) FROM databases)));
SQL
  mv "$WORK/manifest.json" "$SET/manifest.json"
}
