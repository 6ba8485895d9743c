import { DURATION_PATTERN, seconds, type Duration } from "../../components/model/units.ts";
import { CliError, EXIT } from "./exit.ts";

/**
 * A moment in the past: a span before now, or a time.
 * @throws CliError with exit code 2 for anything else
 */
export function since(given: string, now: Date): Date {
  const moment = DURATION_PATTERN.test(given)
    ? new Date(now.getTime() - seconds(given as Duration) * 1000)
    : // A bare number would be a year.
      new Date(/^\d{4}-\d{2}-\d{2}/.test(given) ? given : Number.NaN);
  if (!Number.isNaN(moment.getTime())) return moment;
  throw new CliError(
    {
      got: `--since: got "${given}"`,
      allowed: 'a span such as "30s", "10m", "2h" or "1d", or a time such as 2026-11-21T02:30:00Z',
      fix: "write one of them",
    },
    EXIT.usage,
  );
}
