import type { AlertRule, Panel } from "../../model/observability.ts";

const SETS = "apprun_backup_sets";
const OLDEST = "apprun_backup_oldest_timestamp_seconds";
const SIZE = "apprun_backup_repository_size_bytes";
/** What a week ago was still there shows what is gone. */
const OLDEST_BEFORE = `min_over_time(${OLDEST}[7d])`;

/** What a repository holds: sets go by its rules only, and it stays within its planned size. */
export const REPOSITORY_ALERTS: readonly AlertRule[] = [
  {
    name: "BackupSetsLost",
    expr: `(${SETS} < max_over_time(${SETS}[7d]) and ${SETS} < apprun_backup_guaranteed_sets) or (${SETS} and ${OLDEST} > ${OLDEST_BEFORE} and (time() - ${OLDEST_BEFORE}) < apprun_backup_guaranteed_seconds)`,
    severity: "critical",
    summary: "Backup sets that the settings keep are gone",
    description:
      "The {{ $labels.repository }} repository has {{ $value }} complete sets, and lacks some that it had and that backup.{{ $labels.repository }} guarantees.",
  },
  {
    name: "BackupRepositoryTooLarge",
    expr: `${SIZE} > apprun_backup_repository_limit_bytes`,
    severity: "warning",
    summary: "A backup repository is larger than planned",
    description:
      "The {{ $labels.repository }} repository takes up {{ $value | humanize1024 }}B, more than backup.{{ $labels.repository }}.size. No set goes for it.",
  },
];

export const REPOSITORY_PANELS: readonly Panel[] = [
  { title: "Complete sets", unit: "short", queries: [{ expr: SETS, legend: "{{repository}}" }] },
  {
    title: "Age of the oldest complete set",
    unit: "s",
    queries: [{ expr: `time() - ${OLDEST} and ${OLDEST} > 0`, legend: "{{repository}}" }],
  },
  {
    title: "Size of the repositories",
    unit: "bytes",
    queries: [{ expr: SIZE, legend: "{{repository}}" }],
  },
];
