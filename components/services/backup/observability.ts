import type { Cron } from "../../model/cron.ts";
import { longestGap } from "../../model/longest-gap.ts";
import type { AlertRule, Observability, Panel } from "../../model/observability.ts";
import { REPOSITORY_ALERTS, REPOSITORY_PANELS } from "./repository-observability.ts";

export interface BackupSchedules {
  readonly schedule: Cron;
  readonly drill: Cron;
  /** @default - only sets are taken */
  readonly pointInTime?: { readonly enabled: boolean; readonly upload: Cron };
}

/** Time that a run may take, its upload included, before its outcome counts as missing. */
const RUN_MINUTES = 120;

const TAKEN = "apprun_backup_last_success_timestamp_seconds";
const PROVEN = "apprun_backup_last_proven_timestamp_seconds";
const PROVEN_IN = "apprun_backup_repository_proven_timestamp_seconds";
const RESTORABLE = "apprun_backup_restorable_timestamp_seconds";
const AGE_OF_BACKUP = `time() - ${TAKEN}`;
const AGE_OF_PROOF = `time() - ${PROVEN}`;

/** A backup before it may hold an upload up for as long as it runs. */
function pointInTimeAlert(upload: Cron): AlertRule {
  return {
    name: "BackupPointInTimeTooOld",
    expr: `(time() - ${RESTORABLE}) > ${(longestGap(upload) + RUN_MINUTES) * 60} and ${RESTORABLE} > 0`,
    for: "5m",
    severity: "critical",
    summary: "The write-ahead log does not reach the backup repository",
    description:
      "The newest moment that the {{ $labels.repository }} repository can bring back is {{ $value | humanizeDuration }} old.",
  };
}

/** One a task: each has another reason, and another remedy. */
function failedAlert(name: string, task: string, severity: AlertRule["severity"], summary: string): AlertRule {
  return {
    name,
    expr: `apprun_backup_last_run_success{task="${task}"} == 0`,
    severity,
    summary,
    description: "The last {{ $labels.task }} ended with an error (success is {{ $value }}).",
  };
}

const POINT_IN_TIME_PANEL: Panel = {
  title: "Age of the newest restorable moment",
  unit: "s",
  queries: [{ expr: `time() - ${RESTORABLE} and ${RESTORABLE} > 0`, legend: "{{repository}}" }],
};

/** One missed run is one too many: the limits derive from the schedules. A time of 0 stands for never. */
export function backupObservability({ schedule, drill, pointInTime }: BackupSchedules): Observability {
  const taken = longestGap(schedule) + RUN_MINUTES;
  // A drill proves a set that may itself be as old as the time between two backups.
  const proven = longestGap(drill) + taken;
  // Where there are two repositories, drills take them in turn.
  const provenInTurn = 2 * longestGap(drill) + taken;
  const ages = [
    {
      title: "Age of the last good backup",
      expr: `${AGE_OF_BACKUP} and ${TAKEN} > 0`,
      legend: "{{repository}}",
      redAbove: taken * 60,
    },
    {
      title: "Age of the last proven backup",
      expr: `${AGE_OF_PROOF} and ${PROVEN} > 0`,
      legend: "proven",
      redAbove: proven * 60,
    },
  ].map(({ title, expr, legend, redAbove }) => ({
    title,
    kind: "stat" as const,
    unit: "s" as const,
    redAbove,
    queries: [{ expr, legend }],
  }));
  return {
    service: "backup",
    alerts: [
      {
        name: "BackupTooOld",
        expr: `(${AGE_OF_BACKUP}) > ${taken * 60} and ${TAKEN} > 0`,
        for: "5m",
        severity: "critical",
        summary: "The last good backup is older than its schedule allows",
        description:
          "The newest complete set in the {{ $labels.repository }} repository was taken {{ $value | humanizeDuration }} ago.",
      },
      {
        name: "BackupNeverTaken",
        expr: `${TAKEN} == 0 or absent(${TAKEN})`,
        for: `${taken}m`,
        severity: "critical",
        summary: "No backup has ever been taken",
        description:
          "A scheduled backup should have ended by now and none did (metric: {{ $value }}; 0 is never, 1 is that nothing reports).",
      },
      {
        name: "BackupProofTooOld",
        expr: `(${AGE_OF_PROOF}) > ${proven * 60} and ${PROVEN} > 0`,
        for: "5m",
        severity: "warning",
        summary: "No drill has restored a newer backup",
        description: "The newest set that a drill restored and compared was taken {{ $value | humanizeDuration }} ago.",
      },
      {
        name: "BackupRepositoryProofTooOld",
        expr: `(time() - ${PROVEN_IN}) > ${provenInTurn * 60}`,
        for: "5m",
        severity: "warning",
        summary: "No drill has restored a newer backup from this repository",
        description:
          "The newest set that a drill restored from the {{ $labels.repository }} repository was taken {{ $value | humanizeDuration }} ago.",
      },
      {
        name: "BackupNeverProven",
        expr: `${PROVEN} == 0 or absent(${PROVEN})`,
        for: `${proven}m`,
        severity: "warning",
        summary: "No backup has ever been restored and compared",
        description:
          "A scheduled drill should have ended by now and none did (metric: {{ $value }}; 0 is never, 1 is that nothing reports).",
      },
      failedAlert("BackupRunFailed", "backup", "critical", "A backup failed"),
      failedAlert("BackupDrillFailed", "drill", "critical", "A drill could not restore a backup"),
      ...REPOSITORY_ALERTS,
      ...(pointInTime?.enabled === true
        ? [
            failedAlert("BackupLogUploadFailed", "wal", "warning", "An upload of the write-ahead log failed"),
            pointInTimeAlert(pointInTime.upload),
          ]
        : []),
    ],
    dashboard: {
      uid: "apprun-backup",
      title: "Backup",
      panels: [
        ...ages,
        ...(pointInTime?.enabled === true ? [POINT_IN_TIME_PANEL] : []),
        ...REPOSITORY_PANELS,
        {
          title: "Last runs that ended well",
          unit: "bool",
          queries: [{ expr: "apprun_backup_last_run_success", legend: "{{task}}" }],
        },
        {
          title: "Time of the last good run",
          unit: "s",
          queries: [{ expr: "apprun_backup_last_run_duration_seconds", legend: "{{task}}" }],
        },
        {
          title: "Size of a set before deduplication",
          unit: "bytes",
          queries: [{ expr: "apprun_backup_set_size_bytes", legend: "set" }],
        },
      ],
    },
  };
}
