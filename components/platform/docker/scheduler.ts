import { readFileSync } from "node:fs";
import { cronFields, type Cron } from "../../model/cron.ts";
import type { ScheduleSpec, WorkloadSpec } from "../../model/workload.ts";

const SCRIPT_PATH = "/opt/scheduler/scheduler.sh";
const RUNS_PATH = "/opt/scheduler/runs.sh";
const SCRIPT = readFileSync(new URL("scheduler.sh", import.meta.url), "utf8");

/**
 * A schedule on a Docker host: one container of the task's own image that waits
 * for the next minute that is due. No container may start others, because that
 * takes the Docker socket; there is no maintained scheduler image whose one
 * binary could run inside any image; and the crond that Alpine images bring
 * cannot run without root. So the expression is read by a library here, and all
 * that is left to the container is to look a minute up in lists.
 */
export function schedulerWorkload({ runs, files = [], ...spec }: ScheduleSpec): WorkloadSpec<"app"> {
  return {
    ...spec,
    tier: "app",
    entrypoint: ["sh", SCRIPT_PATH],
    args: [RUNS_PATH],
    files: [...files, { path: SCRIPT_PATH, content: SCRIPT }, { path: RUNS_PATH, content: runsScript(runs) }],
    ports: {},
    // The loop marks every minute; while a task runs, it waits for that.
    probe: {
      kind: "exec",
      command: ["sh", "-c", "test -e /tmp/scheduler.run || find /tmp/scheduler.beat -mmin -3 | grep -q ."],
      interval: "10s",
    },
    // A task that is told to stop may have a transfer to end in order.
    stopGrace: "60s",
  };
}

/** Shell functions that answer which runs are due at `$minute $hour $day $month $weekday`, and run one. */
export function runsScript(runs: ScheduleSpec["runs"]): string {
  const names = Object.keys(runs).sort();
  return [
    `RUNS="${names.join(" ")}"`,
    "is_due() {",
    '  case "$1" in',
    ...names.map((name) => `    ${name}) ${dueTest(runs[name]?.cron ?? "")} ;;`),
    "  esac",
    "}",
    "start() {",
    '  case "$1" in',
    ...names.map((name) => `    ${name}) ${(runs[name]?.command ?? []).map(quoted).join(" ")} & ;;`),
    "  esac",
    "}",
    "",
  ].join("\n");
}

function dueTest(cron: Cron): string {
  const { minute, hour, dayOfMonth, month, dayOfWeek, eitherDay } = cronFields(cron);
  const days = `{ ${among("day", dayOfMonth)} ${eitherDay ? "||" : "&&"} ${among("weekday", dayOfWeek, 1)}; }`;
  return `${among("minute", minute)} && ${among("hour", hour)} && ${among("month", month)} && ${days}`;
}

/** `date` pads with zeros, and the shell compares texts. */
function among(variable: string, values: readonly number[], width = 2): string {
  return `among "$${variable}" "${values.map((value) => String(value).padStart(width, "0")).join(" ")}"`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
