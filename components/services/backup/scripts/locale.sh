# How a database sorts and encodes: generated columns, indexes and checks of its rows depend on it.

# Of a row of pg_database, whose columns differ from one version of PostgreSQL to the next.
# shellcheck disable=SC2034 # manifests have it
readonly LOCALE_OF_DATABASE="(SELECT jsonb_strip_nulls(jsonb_build_object('encoding', pg_encoding_to_char((d->>'encoding')::int), 'provider', coalesce(d->>'datlocprovider', 'c'),
  'collate', d->>'datcollate', 'ctype', d->>'datctype', 'locale', coalesce(d->>'datlocale', d->>'daticulocale'), 'rules', d->>'daticurules')) FROM to_jsonb(pg_database) AS d)"

# create_database DUMP TARGET OWNER: an empty database as the dump's was; the server's own way where its set does not say.
create_database() {
  local manifest database encoding provider collate ctype locale rules options=() answer
  manifest=$(dirname "$(dirname "$1")")/manifest.json
  database=$(basename "$1" .dump)
  IFS=$'\x1f' read -r encoding provider collate ctype locale rules <<<"$(
    query "$MAINTENANCE" -v "database=$database" <<SQL
\set manifest \`cat $manifest\`
SELECT concat_ws(E'\x1f', l->>'encoding', l->>'provider', l->>'collate', l->>'ctype', coalesce(l->>'locale', ''), coalesce(l->>'rules', '')) FROM (SELECT (:'manifest')::jsonb #> ARRAY['databases', :'database', 'locale'] AS l) AS locale;
SQL
  )"
  if [ -n "$encoding" ]; then
    options=(--encoding "$encoding" --lc-collate "$collate" --lc-ctype "$ctype")
    case "$provider" in
      c) options+=(--locale-provider libc) ;;
      i) options+=(--locale-provider icu --icu-locale "$locale") ;;
      b) options+=(--locale-provider builtin --builtin-locale "$locale") ;;
      *) fail "database $database sorts by provider $provider; allowed: c, i, b, which this program knows" ;;
    esac
    [ -z "$rules" ] || options+=(--icu-rules "$rules")
  fi
  answer=$(createdb --owner "$3" --template template0 --maintenance-db "$MAINTENANCE" "${options[@]}" "$2" 2>&1) ||
    fail "database $database cannot be made${encoding:+ with encoding $encoding, collation $collate and locale ${locale:-$ctype}}: $answer; allowed: a server whose image has that locale; pin it with apprun:images.pins.postgres"
}
