import { CronExpressionParser } from "cron-parser";
import { ModelError } from "./errors.ts";

/** When something runs, in UTC: minute, hour, day of the month, month, day of the week. */
export type Cron = string;

/** Every value of each field at which a schedule is due. */
export interface CronFields {
  readonly minute: readonly number[];
  readonly hour: readonly number[];
  readonly dayOfMonth: readonly number[];
  readonly month: readonly number[];
  /** 0 is Sunday. */
  readonly dayOfWeek: readonly number[];
  /** Whether one matching day field is enough, as in every cron: so when neither is `*`. */
  readonly eitherDay: boolean;
}

export const CRON_FORM = 'five fields of numbers, *, ranges, lists and steps, in UTC, such as "30 2 * * *"';

/** The part of the format that crond, Kubernetes and this program read alike: no names, no `L`, no `@daily`, no seconds. */
const COMMON_FORM = /^[\d*,/-]+( [\d*,/-]+){4}$/;

/**
 * The fields of a cron expression.
 * @throws ModelError for anything but the common form
 */
export function cronFields(expression: Cron): CronFields {
  try {
    if (!COMMON_FORM.test(expression)) throw new Error("not in the common form");
    const { minute, hour, dayOfMonth, month, dayOfWeek } = CronExpressionParser.parse(expression, { tz: "UTC" }).fields;
    const numbers = (values: readonly (number | string)[]) => values.map(Number);
    return {
      minute: numbers(minute.values),
      hour: numbers(hour.values),
      dayOfMonth: numbers(dayOfMonth.values),
      month: numbers(month.values),
      // The parser lists Sunday as 0 and as 7.
      dayOfWeek: [...new Set(numbers(dayOfWeek.values).map((day) => day % 7))],
      eitherDay: !dayOfMonth.isWildcard && !dayOfWeek.isWildcard,
    };
  } catch {
    throw new ModelError({ got: `cron expression: got "${expression}"`, allowed: CRON_FORM, fix: "change it" });
  }
}

/** The last time at which a schedule was due, at a moment or before; both in milliseconds since the epoch. */
export function lastDue(expression: Cron, moment: number): number {
  // The parser looks for what is strictly before.
  return CronExpressionParser.parse(expression, { tz: "UTC", currentDate: new Date(moment + 1) })
    .prev()
    .getTime();
}
