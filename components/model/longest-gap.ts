import { cronFields, type Cron } from "./cron.ts";

const DAY_MINUTES = 24 * 60;
const DAY_MILLISECONDS = DAY_MINUTES * 60_000;
/** Two rounds of leap years: every gap that a schedule has is in it whole. */
const DAYS = 2 * (4 * 365 + 1);

/**
 * Minutes of the longest time between two runs of a schedule.
 * @throws ModelError for what is no schedule
 */
export function longestGap(expression: Cron): number {
  const { minute, hour, dayOfMonth, month, dayOfWeek, eitherDay } = cronFields(expression);
  const times = hour.flatMap((h) => minute.map((m) => h * 60 + m)).sort((a, b) => a - b);
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const isDue = (date: Date) => {
    const days = [dayOfMonth.includes(date.getUTCDate()), dayOfWeek.includes(date.getUTCDay())];
    return month.includes(date.getUTCMonth() + 1) && (eitherDay ? days.some(Boolean) : days.every(Boolean));
  };
  const due = Array.from({ length: DAYS }, (_, day) => day).filter((day) => isDue(new Date(day * DAY_MILLISECONDS)));
  const withinDay = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  const betweenDays = due.slice(1).map((day, i) => (day - (due[i] ?? 0)) * DAY_MINUTES - last + first);
  return Math.max(...withinDay, ...betweenDays);
}
