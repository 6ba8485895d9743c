import type { Settings } from "../../components/stack/settings.ts";
import { CliError, EXIT } from "../kit/exit.ts";

/** A second that the databases are brought back to. */
export interface Moment {
  /** In UTC, such as `2026-11-21T02:30:15Z`. */
  readonly time: string;
  /** The same in seconds since 1970. */
  readonly seconds: string;
}

export interface MomentChoice {
  readonly pointInTime?: string | undefined;
  readonly set?: string | undefined;
  readonly time?: string | undefined;
}

/** Seconds, because that is what the log is searched for; the zone, because a guess would lose data. */
const FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;

/**
 * The moment that was asked for, if one was.
 * @throws CliError when it is no moment that has been, when a set is asked for too, or when the stack archives no log
 */
export function pointInTime(
  { pointInTime: given, set, time }: MomentChoice,
  { pointInTime: option }: Settings["backup"],
  now: Date,
): Moment | undefined {
  if (given === undefined) return undefined;
  const refuse = (allowed: string, fix: string): never => {
    throw new CliError(
      { got: `--point-in-time: got "${given}"`, allowed, fix: `${fix}; nothing was changed` },
      EXIT.usage,
    );
  };
  const moment = new Date(given);
  if (!FORM.test(given) || Number.isNaN(moment.getTime()))
    return refuse("a second such as 2026-11-21T02:30:15Z or 2026-11-21T10:30:15+08:00", "write it so");
  if (set !== undefined || time !== undefined)
    return refuse("one of --point-in-time, --set and --time", "leave out the others");
  if (!option.enabled)
    return refuse(
      "nothing without apprun:backup.pointInTime.enabled",
      "choose a set with --time, or set it to true for the time to come",
    );
  if (moment > now) return refuse("a moment in the past", "choose an earlier one");
  return { time: moment.toISOString().replace(".000Z", "Z"), seconds: String(moment.getTime() / 1000) };
}
