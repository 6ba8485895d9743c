# What a set says of itself.

schema_versions() {
  local name database sql
  while IFS=$'\t' read -r name database sql; do
    printf '%s\t%s\n' "$name" "$(query "$database" <<<"$sql")"
  done </etc/backup/schema-versions.tsv
}

# Every generated name and figure as text for one statement that makes the JSON.
write_manifest() {
  local tree
  : >"$WORK/trees"
  for tree in $(trees); do
    printf '%s\t%s\t%s\t%s\t%s\n' "$tree" "$(wc -l <"$SET/trees/$tree.sha256")" "$(awk -F'\t' '{ sum += $2 } END { print sum + 0 }' "$WORK/files.$tree")" \
      "$(sha256sum <"$SET/trees/$tree.sha256" | cut -c1-64)" "$(wc -l <"$WORK/hot.$tree")" >>"$WORK/trees"
  done
  (cd "$SET/postgres" && sha256sum ./*.dump roles.sql >dumps.sha256 && stat -c '%n %s' ./*.dump) | sed 's|^\./||' >"$WORK/sizes"
  query postgres -v "set=$1" -v "created=$2" -v "stack=$BACKUP_STACK" -v "images=$(cat /etc/backup/images.json)" -v "keys=$(cat "$FINGERPRINTS")" \
    -v "versions=$(cat "$WORK/versions")" -v "trees=$(cat "$WORK/trees")" -v "sizes=$(cat "$WORK/sizes")" -v "given_up=$(cat "$WORK/given-up")" >"$SET/manifest.json" <<SQL
\set facts \`cat $WORK/facts\`
WITH facts AS (SELECT string_to_array(line, E'\t') AS f FROM regexp_split_to_table(:'facts', E'\n') AS line),
     sizes AS (SELECT split_part(line, '.dump ', 1) AS name, split_part(line, '.dump ', 2)::bigint AS bytes FROM regexp_split_to_table(:'sizes', E'\n') AS line),
     tables AS (SELECT f[1] AS name, jsonb_object_agg(f[2], jsonb_build_object('rows', f[3]::bigint, 'checksum', f[4])) AS tables FROM facts WHERE f[2] IS NOT NULL GROUP BY 1),
     trees AS (SELECT string_to_array(line, E'\t') AS f FROM regexp_split_to_table(:'trees', E'\n') AS line WHERE line <> ''),
     given_up AS (SELECT string_to_array(line, E'\t') AS f FROM regexp_split_to_table(:'given_up', E'\n') AS line WHERE line <> ''),
     versions AS (SELECT string_to_array(line, E'\t') AS f FROM regexp_split_to_table(:'versions', E'\n') AS line WHERE line <> '')
SELECT jsonb_pretty(jsonb_build_object(
  'format', 1, 'set', :'set', 'stack', :'stack', 'createdAt', to_char(to_timestamp(:created) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'createdAtSeconds', :created,
  'postgresMajor', current_setting('server_version_num')::int / 10000, 'images', (:'images')::jsonb, 'keyFingerprints', (:'keys')::jsonb,
  'schemaVersions', (SELECT coalesce(jsonb_object_agg(f[1], f[2]), '{}') FROM versions),
  'databases', (SELECT jsonb_object_agg(sizes.name, jsonb_build_object('owner', pg_get_userbyid(datdba), 'locale', $LOCALE_OF_DATABASE, 'dumpBytes', bytes, 'tables', coalesce(tables.tables, '{}')))
                  FROM sizes LEFT JOIN tables USING (name) JOIN pg_database ON datname = sizes.name),
  'leftOut', (SELECT coalesce(jsonb_object_agg(f[1], f[2]), '{}') FROM given_up),
  'trees', (SELECT coalesce(jsonb_object_agg(f[1], jsonb_build_object('files', f[2]::bigint, 'bytes', f[3]::bigint, 'checksum', f[4], 'unverified', f[5]::int)), '{}') FROM trees)));
SQL
}

# What tells without reading the set whether it fits: tags, separated by commas.
fitness_tags() {
  local tree
  query postgres -v "keys=$(cat "$FINGERPRINTS")" <<'SQL'
SELECT concat_ws(',', 'postgres=' || current_setting('server_version_num')::int / 10000,
  (SELECT string_agg('key=' || key || ':' || CASE jsonb_typeof(value) WHEN 'array' THEN (SELECT string_agg(one, '+') FROM jsonb_array_elements_text(value) AS one) ELSE value #>> '{}' END, ',' ORDER BY key)
     FROM jsonb_each((:'keys')::jsonb)));
SQL
  while IFS=$'\t' read -r tree _; do echo "without=$tree"; done <"$WORK/given-up"
}
