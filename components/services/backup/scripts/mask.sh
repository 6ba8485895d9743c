# Of another stack's set the app's database alone, masked before anything else can read it.

masked() { [ -n "${BACKUP_MASK:-}" ]; }

# What a masked restore reads of a set, as arguments of restic: nobody needs the dumps of the others.
parts_of_set() {
  if masked; then printf -- '--include=%s\n' manifest.json roles.sql dumps.sha256 "$BACKUP_DATABASES.dump"; fi
}

# mask_database TARGET: all files in one transaction as the app's own role.
mask_database() {
  local file files=()
  for file in $BACKUP_MASK_FILES; do files+=(--file "/run/secrets/$file"); done
  say "masking as role $BACKUP_MASK"
  # The role's limits of time are for requests. What a statement returns and the details of an error may be what is to be masked.
  PGUSER=$BACKUP_MASK PGPASSWORD=$(cat /run/secrets/mask-password) PGOPTIONS="-c statement_timeout=0 -c idle_in_transaction_session_timeout=0" \
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set VERBOSITY=terse --single-transaction --dbname "$1" "${files[@]}" >/dev/null ||
    fail "a file of --mask failed; see the message above; the copy is dropped, nothing was overwritten"
  # Rows as they were stay in the tables' files, and their values in the planner's statistics, until both are made again.
  vacuumdb --quiet --full --analyze --dbname "$1"
}
