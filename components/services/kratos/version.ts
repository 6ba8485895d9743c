/** The first version by calendar, which knows `migrate sql up` and a secret for tokens of pages. */
const CALENDAR = 25;

/** Whether the program of a tag is older than versions by calendar: it refuses what those ask for. A tag without a version is taken for a new one. */
export function isBeforeCalendar(tag: string): boolean {
  const major = /^v?(\d+)/.exec(tag)?.[1];
  return major !== undefined && Number(major) < CALENDAR;
}
