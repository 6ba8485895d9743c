import { mebibytes, type Bytes } from "../../model/units.ts";

/** What a repository keeps. */
export interface Retention {
  readonly days: number;
  /** So many of the newest sets stay, however old. */
  readonly sets: number;
  /** The newest set of each of so many weeks, months and years stays. */
  readonly weekly: number;
  readonly monthly: number;
  readonly yearly: number;
  /** Above it an alert tells. */
  readonly size: Bytes;
}

/** What the scripts are told of it. */
export function keeps(
  repository: string,
  { days, sets, weekly, monthly, yearly, size }: Retention,
): Record<string, string> {
  return {
    [`BACKUP_${repository}_DAYS`]: String(days),
    [`BACKUP_${repository}_COUNT`]: String(sets),
    [`BACKUP_${repository}_WEEKLY`]: String(weekly),
    [`BACKUP_${repository}_MONTHLY`]: String(monthly),
    [`BACKUP_${repository}_YEARLY`]: String(yearly),
    [`BACKUP_${repository}_SIZE`]: String(mebibytes(size)),
  };
}
