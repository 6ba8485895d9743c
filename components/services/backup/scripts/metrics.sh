# What the runs leave behind for Prometheus and for each other.

remember() { printf '%s\n' "$2" >"$STATE/$1"; }
remembered() { cat "$STATE/$1" 2>/dev/null || echo 0; }

# report TASK CODE: what the end of a task leaves behind, good or not.
report() {
  rm -rf "$WORK"
  remember "$1-ok" "$(($2 == 0))"
  write_metrics || true
  [ "$2" -eq 0 ] || say "the task $1 ended with exit code $2"
}

# kept WHICH SETTING: what the settings say of repository WHICH.
kept() {
  local name=BACKUP_${1^^}_$2
  echo "${!name:-0}"
}

# gauge NAME HELP WHAT [FACTOR]: a figure of each repository: what was remembered of it, or with a factor a setting.
gauge() {
  local which
  echo "# HELP apprun_backup_$1 $2"
  echo "# TYPE apprun_backup_$1 gauge"
  for which in local ${BACKUP_REMOTE:+remote}; do
    if [ -n "${4:-}" ]; then echo "apprun_backup_$1{repository=\"$which\"} $(($(kept "$which" "$3") * $4))"
    elif [ -e "$STATE/$3-$which" ]; then echo "apprun_backup_$1{repository=\"$which\"} $(remembered "$3-$which")"; fi
  done
}

# Times in seconds since 1970; 0 stands for never, so that an age is huge and not absent.
write_metrics() {
  local task
  {
    echo "# HELP apprun_backup_last_success_timestamp_seconds When the newest complete backup set of a repository was taken."
    echo "# TYPE apprun_backup_last_success_timestamp_seconds gauge"
    echo "apprun_backup_last_success_timestamp_seconds{repository=\"local\"} $(remembered success-local)"
    [ -z "$BACKUP_REMOTE" ] || echo "apprun_backup_last_success_timestamp_seconds{repository=\"remote\"} $(remembered success-remote)"
    gauge sets "Complete backup sets in a repository." sets
    gauge oldest_timestamp_seconds "When the oldest complete backup set in a repository was taken." oldest
    gauge repository_size_bytes "What a repository takes up." size
    gauge repository_proven_timestamp_seconds "When the newest set of a repository was taken that a drill has restored from there." proven
    gauge guaranteed_sets "Sets that a repository keeps however old they are." COUNT 1
    gauge guaranteed_seconds "How long a repository keeps a set at least." DAYS 86400
    gauge repository_limit_bytes "Above this size of a repository an alert tells." SIZE 1048576
    echo "# HELP apprun_backup_last_proven_timestamp_seconds When the newest backup set that a drill has restored was taken."
    echo "# TYPE apprun_backup_last_proven_timestamp_seconds gauge"
    echo "apprun_backup_last_proven_timestamp_seconds $(remembered proven)"
    if [ -n "${BACKUP_WAL_ARCHIVE:-}" ]; then
      echo "# HELP apprun_backup_restorable_timestamp_seconds Newest moment that base backup and write-ahead log in a repository bring back."
      echo "# TYPE apprun_backup_restorable_timestamp_seconds gauge"
      echo "apprun_backup_restorable_timestamp_seconds{repository=\"local\"} $(remembered restorable-local)"
      [ -z "$BACKUP_REMOTE" ] || echo "apprun_backup_restorable_timestamp_seconds{repository=\"remote\"} $(remembered restorable-remote)"
    fi
    echo "# HELP apprun_backup_last_run_success Whether the last run of a task ended well."
    echo "# TYPE apprun_backup_last_run_success gauge"
    for task in backup drill wal; do
      # One that never ran did not fail.
      [ ! -e "$STATE/$task-ok" ] || echo "apprun_backup_last_run_success{task=\"$task\"} $(remembered "$task-ok")"
    done
    echo "# HELP apprun_backup_last_run_duration_seconds How long the last run of a task took that ended well."
    echo "# TYPE apprun_backup_last_run_duration_seconds gauge"
    echo "apprun_backup_last_run_duration_seconds{task=\"backup\"} $(remembered backup-seconds)"
    echo "apprun_backup_last_run_duration_seconds{task=\"drill\"} $(remembered drill-seconds)"
    echo "# HELP apprun_backup_set_size_bytes Size of the last backup set before deduplication."
    echo "# TYPE apprun_backup_set_size_bytes gauge"
    echo "apprun_backup_set_size_bytes $(remembered set-bytes)"
  } >"$METRICS/backup.prom.new"
  chmod 444 "$METRICS/backup.prom.new"
  mv "$METRICS/backup.prom.new" "$METRICS/backup.prom"
}
