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
  {
    alert: "BackupRunFailed",
    firing: {
      series: { ...success("backup", "1x10"), ...success("drill", "1x3 0x7") },
      at: "6m",
      labels: { ...target, task: "drill" },
      description: "The last drill ended with an error (success is 0).",
    },
    quiet: { series: { ...success("backup", "1 0 1x10"), ...success("drill", "1x10") }, at: "6m" },
  },
];
