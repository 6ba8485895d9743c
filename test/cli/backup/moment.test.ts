import { expect, it } from "vitest";
import { pointInTime, type MomentChoice } from "../../../cli/backup/moment.ts";
import { parseSettings } from "../../../components/stack/parse.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const backup = (enabled: boolean) =>
  parseSettings(
    { project: "apprun", stack: "dev" },
    { values: { backup: { pointInTime: { enabled } } }, secrets: {}, plainSecrets: [] },
  ).backup;

it("is a second of any zone", () => {
  expect(pointInTime({ pointInTime: "2026-11-21T02:30:15Z" }, backup(true), NOW)).toEqual({
    time: "2026-11-21T02:30:15Z",
    seconds: "1795228215",
  });
  expect(pointInTime({ pointInTime: "2026-11-21T10:30:15+08:00" }, backup(true), NOW)).toEqual({
    time: "2026-11-21T02:30:15Z",
    seconds: "1795228215",
  });
});

it("is nothing where a set is asked for", () => {
  expect(pointInTime({ set: "20261121T023000Z" }, backup(false), NOW)).toBeUndefined();
});

it.each<[MomentChoice, boolean, string]>([
  [{ pointInTime: "yesterday" }, true, "allowed: a second such as 2026-11-21T02:30:15Z or 2026-11-21T10:30:15+08:00"],
  [{ pointInTime: "2026-11-21T02:30:15" }, true, "allowed: a second such as"],
  [{ pointInTime: "2026-13-21T02:30:15Z" }, true, "allowed: a second such as"],
  [{ pointInTime: "2026-11-21T12:00:01Z" }, true, "allowed: a moment in the past; choose an earlier one; nothing"],
  [
    { pointInTime: "2026-11-21T02:30:15Z", set: "20261121T023000Z" },
    true,
    "allowed: one of --point-in-time, --set and --time; leave out the others; nothing",
  ],
  [
    { pointInTime: "2026-11-21T02:30:15Z" },
    false,
    "allowed: nothing without apprun:backup.pointInTime.enabled; choose a set with --time, or set it to true for the time to come; nothing",
  ],
])("%j, with the option %s, is refused", (choice, enabled, message) => {
  expect(() => pointInTime(choice, backup(enabled), NOW)).toThrow(
    `--point-in-time: got "${choice.pointInTime ?? ""}"; ${message}`,
  );
  expect(() => pointInTime(choice, backup(enabled), NOW)).toThrow(/; nothing was changed$/);
});
