import type { AlertCase, Series } from "../alert-case.ts";

const target = { job: "backup-metrics", instance: "backup-metrics:9100" };
const labels = `job="${target.job}",instance="${target.instance}",service="backup"`;
const taken = (values: string, repository = "local"): Series => ({
  [`apprun_backup_last_success_timestamp_seconds{${labels},repository="${repository}"}`]: values,
});
const proven = (values: string): Series => ({ [`apprun_backup_last_proven_timestamp_seconds{${labels}}`]: values });
const restorable = (values: string, repository = "local"): Series => ({
  [`apprun_backup_restorable_timestamp_seconds{${labels},repository="${repository}"}`]: values,
});
const success = (task: string, values: string): Series => ({
  [`apprun_backup_last_run_success{${labels},task="${task}"}`]: values,
});

function failed(alert: string, task: string, other: string): AlertCase {
  return {
    alert,
    firing: {
      series: { ...success(other, "1x10"), ...success(task, "1x3 0x7") },
      at: "6m",
      labels: { ...target, task },
      description: `The last ${task} ended with an error (success is 0).`,
    },
    quiet: { series: { ...success(task, "1 0 1x10"), ...success(other, "0x10") }, at: "6m" },
  };
}

const figure = (name: string, values: string, repository = "remote"): Series => ({
  [`apprun_backup_${name}{${labels},repository="${repository}"}`]: values,
});

/** Seven sets and seven days are guaranteed. */
function history({ sets, oldest }: { sets: string; oldest: string }): Series {
  return {
    ...figure("sets", sets),
    ...figure("oldest_timestamp_seconds", oldest),
    ...figure("guaranteed_sets", "7x300"),
    ...figure("guaranteed_seconds", "604800x300"),
  };
}

const size = (values: string, repository = "local"): Series => ({
  ...figure("repository_size_bytes", values, repository),
  ...figure("repository_limit_bytes", "1073741824x300", repository),
});

/** promtool's time begins with 1970. The schedules are the defaults: a backup each night, a drill each week. */
export const CASES: readonly AlertCase[] = [
  {
    alert: "BackupTooOld",
    interval: "1h",
    firing: {
      series: { ...taken("3600x40"), ...taken("3600x20 86400x20", "remote") },
      at: "29h",
      labels: { ...target, repository: "local" },
      description: "The newest complete set in the local repository was taken 1d 4h 0m 0s ago.",
    },
    quiet: { series: { ...taken("3600x40"), ...taken("0x40", "remote") }, at: "27h" },
  },
  {
    alert: "BackupNeverTaken",
    interval: "1h",
    firing: {
      series: { ...taken("0x40", "remote"), ...taken("3600x40") },
      at: "26h",
      labels: { ...target, repository: "remote" },
      description:
        "A scheduled backup should have ended by now and none did (metric: 0; 0 is never, 1 is that nothing reports).",
    },
    quiet: { series: { ...taken("0x40", "remote"), ...taken("3600x40") }, at: "25h" },
  },
  {
    alert: "BackupProofTooOld",
    interval: "1h",
    firing: {
      series: proven("3600x220"),
      at: "197h",
      labels: target,
      description: "The newest set that a drill restored and compared was taken 8d 4h 0m 0s ago.",
    },
    quiet: { series: proven("3600x220"), at: "194h" },
  },
  {
    // Two repositories in turn: the local one has waited for two weeks, a day and two hours.
    alert: "BackupRepositoryProofTooOld",
    interval: "1h",
    firing: {
      series: {
        ...figure("repository_proven_timestamp_seconds", "3600x400", "local"),
        ...figure("repository_proven_timestamp_seconds", "3600x200 604800x200"),
      },
      at: "365h",
      labels: { ...target, repository: "local" },
      description: "The newest set that a drill restored from the local repository was taken 15d 4h 0m 0s ago.",
    },
    quiet: { series: figure("repository_proven_timestamp_seconds", "3600x400", "local"), at: "362h" },
  },
  {
    alert: "BackupNeverProven",
    interval: "1h",
    firing: {
      series: {},
      at: "194h",
      description:
        "A scheduled drill should have ended by now and none did (metric: 1; 0 is never, 1 is that nothing reports).",
    },
    quiet: { series: proven("0x190 604800x20"), at: "200h" },
  },
  {
    // The default is an upload every quarter of an hour; a backup may hold it up for two hours.
    alert: "BackupPointInTimeTooOld",
    firing: {
      series: { ...restorable("3600x200"), ...restorable("3600+60x200", "remote") },
      at: "201m",
      labels: { ...target, repository: "local" },
      description: "The newest moment that the local repository can bring back is 2h 21m 0s old.",
    },
    quiet: { series: { ...restorable("3600x200"), ...restorable("0x200", "remote") }, at: "190m" },
  },
  failed("BackupRunFailed", "backup", "drill"),
  failed("BackupDrillFailed", "drill", "backup"),
  failed("BackupLogUploadFailed", "wal", "backup"),
  {
    alert: "BackupSetsLost",
    interval: "1h",
    firing: {
      series: history({ sets: "7x10 2x10", oldest: "3600x20" }),
      at: "11h",
      labels: { ...target, repository: "remote" },
      description:
        "The remote repository has 2 complete sets, and lacks some that it had and that backup.remote guarantees.",
    },
    // More sets than the guaranteed number, of which the oldest is gone before its days are over.
    alsoFiring: {
      series: history({ sets: "20x20", oldest: "3600x10 36000x10" }),
      at: "11h",
      labels: { ...target, repository: "remote" },
      description:
        "The remote repository has 20 complete sets, and lacks some that it had and that backup.remote guarantees.",
    },
    quiet: { series: history({ sets: "20x200 7x10", oldest: "3600x200 640000x10" }), at: "205h" },
  },
  {
    alert: "BackupRepositoryTooLarge",
    firing: {
      series: { ...size("2147483648x10"), ...size("536870912x10", "remote") },
      at: "6m",
      labels: { ...target, repository: "local" },
      description: "The local repository takes up 2GiB, more than backup.local.size. No set goes for it.",
    },
    quiet: { series: size("1073741824x10"), at: "6m" },
  },
];
