import { lastDue, type Cron } from "../../components/model/cron.ts";
import { findings, type DoctorFinding } from "./finding.ts";

const { error, warning } = findings("backups");

/** Milliseconds that a backup may take from the time at which it is due. */
const RUN = 3_600_000;

export interface BackupAge {
  /** What the backup service tells Prometheus, in its text format; empty before its first run. */
  readonly metrics: string;
  /** When the service was made, in milliseconds since the epoch: before its first set it owes nothing from before. */
  readonly since: number;
  readonly schedule: Cron;
  readonly drill: Cron;
}

/** Whether every backup that was due was taken, and whether a drill has restored one. */
export function backupAgeFindings(
  { metrics, since, schedule, drill }: BackupAge,
  now: number,
): readonly DoctorFinding[] {
  const values = samples(metrics);
  const value = (name: string) => values.get(name) ?? 0;
  const due = lastDue(schedule, now - RUN);
  const newest = [...values].filter(([name]) => name.startsWith("last_success_timestamp_seconds{"));
  const proven = value("last_proven_timestamp_seconds");
  const drillDue = lastDue(drill, now - RUN);
  // A set that was never taken cannot be told from one that failed; that it is owed is said above.
  const tasks = { backup: newest.some(([, seconds]) => seconds > 0), drill: proven > 0 };
  return [
    ...(newest.length === 0 ? [["", 0] as const] : newest)
      .filter(([, seconds]) => isOwed(seconds, due, since))
      .map(([name, seconds]) =>
        error(
          `${labelled(name)}${newestOf(seconds)}; one was due at ${at(due)}`,
          "npm run backup, which says why it cannot",
        ),
      ),
    ...Object.entries(tasks)
      .filter(([task, hasRun]) => hasRun && value(`last_run_success{task="${task}"}`) === 0)
      .map(([task]) => error(`the last ${task} failed`, `npm run ${task}, which says why`)),
    ...(isOwed(proven, lastDue(schedule, drillDue - RUN), since)
      ? [
          warning(
            `no drill has restored a set since ${at(drillDue)}, when one was due`,
            "npm run drill, which says why it cannot",
          ),
        ]
      : []),
  ];
}

function isOwed(seconds: number, due: number, since: number): boolean {
  return seconds * 1000 < due && (seconds > 0 || since < due);
}

function labelled(name: string): string {
  const repository = /repository="([^"]*)"/.exec(name)?.[1];
  return repository === undefined ? "" : `the ${repository} repository: `;
}

function newestOf(seconds: number): string {
  return seconds === 0 ? "there is no backup set" : `the newest backup set is of ${at(seconds * 1000)}`;
}

function at(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Values by name without its prefix and with its labels. */
function samples(metrics: string): ReadonlyMap<string, number> {
  return new Map(
    metrics.split("\n").flatMap((line) => {
      const [, name, value] = /^apprun_backup_(\S+) (\S+)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(value)] as const];
    }),
  );
}
