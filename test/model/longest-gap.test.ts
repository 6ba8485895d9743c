import { expect, it } from "vitest";
import { longestGap } from "../../components/model/longest-gap.ts";

const HOUR = 60;
const DAY = 24 * HOUR;

it.each([
  ["30 2 * * *", DAY],
  ["*/5 * * * *", 5],
  ["0 4 * * 0", 7 * DAY],
  ["0 8-18 * * *", 14 * HOUR],
  ["0 2 * * 1-5", 3 * DAY],
  ["0 0 1 * *", 31 * DAY],
  ["0 0 1 * 1", 7 * DAY],
  ["0 0 29 2 *", 4 * 365 * DAY + DAY],
])("%s leaves at most %d minutes between two runs", (cron, minutes) => {
  expect(longestGap(cron)).toBe(minutes);
});
