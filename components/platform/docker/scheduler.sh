# shellcheck shell=sh
# Runs tasks at the minutes that the file in $1 says are due. POSIX sh and date only.
set -u
# shellcheck source=/dev/null
. "$1"

MINUTE=60
# Minutes that were missed because a task took long are made up for, up to a day of them.
LONGEST_GAP=86400

among() {
  case " $2 " in *" $1 "*) return 0 ;; esac
  return 1
}

stop() {
  trap - TERM INT
  if [ -n "$child" ]; then
    kill -TERM "$child" 2>/dev/null
    wait "$child"
  fi
  exit 0
}

# `wait` ends early when a signal arrives, `sleep` alone would not.
pause() {
  sleep "$1" &
  child=$!
  wait "$child"
  child=
}

run() {
  : >/tmp/scheduler.run
  echo "scheduler: $1 starts" >&2
  start "$1"
  child=$!
  wait "$child"
  code=$?
  child=
  rm -f /tmp/scheduler.run
  echo "scheduler: $1 ended with exit code $code" >&2
}

due_since() {
  due=
  at=$1
  while [ "$at" -le "$2" ]; do
    # shellcheck disable=SC2046 # Five words.
    set -- "$1" "$2" $(date -u -d "@$at" '+%M %H %d %m %w')
    # shellcheck disable=SC2034 # is_due of the file in $1 reads them.
    minute=$3 hour=$4 day=$5 month=$6 weekday=$7
    for name in $RUNS; do
      if is_due "$name" && ! among "$name" "$due"; then due="$due $name"; fi
    done
    at=$((at + MINUTE))
  done
}

child=
trap stop TERM INT
rm -f /tmp/scheduler.run
echo "scheduler: waiting for $RUNS" >&2
now=$(date +%s)
next=$(((now / MINUTE + 1) * MINUTE))
# The container keeps its files while the host is off: what became due meanwhile is made up for.
if [ -s /tmp/scheduler.next ] && [ "$(cat /tmp/scheduler.next)" -lt "$next" ]; then next=$(cat /tmp/scheduler.next); fi
while :; do
  : >/tmp/scheduler.beat
  echo "$next" >/tmp/scheduler.next
  now=$(date +%s)
  if [ "$now" -lt "$next" ]; then
    # A clock that was set back must not hold the schedule up until it has caught up.
    if [ $((next - now)) -gt "$MINUTE" ]; then next=$(((now / MINUTE + 1) * MINUTE)); fi
    pause $((next - now))
    continue
  fi
  if [ $((now - next)) -gt "$LONGEST_GAP" ]; then next=$(((now - LONGEST_GAP) / MINUTE * MINUTE)); fi
  last=$((now / MINUTE * MINUTE))
  due_since "$next" "$last"
  next=$((last + MINUTE))
  for name in $due; do run "$name"; done
done
