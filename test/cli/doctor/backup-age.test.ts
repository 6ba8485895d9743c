import { describe, expect, it } from "vitest";
import { backupAgeFindings } from "../../../cli/doctor/backup-age.ts";

/** A Saturday at noon; the last backup was due at 02:30, the last drill on Sunday the 15th at 04:00. */
const NOW = Date.parse("2026-11-21T12:00:00Z");
const seconds = (time: string) => Date.parse(time) / 1000;
const GOOD = { local: "2026-11-21T02:30:10Z", proven: "2026-11-15T02:30:10Z", backup: 1, drill: 1 };

function metrics({
  local,
  remote,
  proven,
  backup,
  drill,
}: {
  local?: string;
  remote?: string;
  proven?: string;
  backup: number;
  drill: number;
}): string {
  const last = (repository: string, time: string | undefined) =>
    `apprun_backup_last_success_timestamp_seconds{repository="${repository}"} ${time === undefined ? 0 : seconds(time)}`;
  return [
    "# HELP apprun_backup_last_success_timestamp_seconds When the newest complete backup set of a repository was taken.",
    last("local", local),
    ...(remote === undefined ? [] : [last("remote", remote)]),
    `apprun_backup_last_proven_timestamp_seconds ${proven === undefined ? 0 : seconds(proven)}`,
    `apprun_backup_last_run_success{task="backup"} ${backup}`,
    `apprun_backup_last_run_success{task="drill"} ${drill}`,
    "",
  ].join("\n");
}

const found = (text: string, { since = "2026-01-01T00:00:00Z", now = NOW } = {}) =>
  backupAgeFindings({ metrics: text, since: Date.parse(since), schedule: "30 2 * * *", drill: "0 4 * * 0" }, now).map(
    ({ severity, check, message, remedy }) => `${severity} ${check}: ${message} (${remedy})`,
  );

const LATE = "one was due at 2026-11-21T02:30:00Z (npm run backup, which says why it cannot)";
const UNPROVEN =
  "warning backups: no drill has restored a set since 2026-11-15T04:00:00Z, when one was due (npm run drill, which says why it cannot)";

describe("the age of backups", () => {
  it("is good where every one that was due was taken", () => {
    expect(found(metrics(GOOD))).toEqual([]);
    expect(found(metrics({ ...GOOD, remote: GOOD.local }))).toEqual([]);
  });

  it("leaves a backup an hour to end", () => {
    const yesterday = metrics({ ...GOOD, local: "2026-11-20T02:30:10Z" });
    expect(found(yesterday, { now: Date.parse("2026-11-21T03:29:59Z") })).toEqual([]);
    expect(found(yesterday, { now: Date.parse("2026-11-21T03:30:00Z") })).toEqual([
      `error backups: the local repository: the newest backup set is of 2026-11-20T02:30:10Z; ${LATE}`,
    ]);
  });

  it("is told for each repository", () => {
    expect(found(metrics({ ...GOOD, remote: "2026-11-01T02:31:00Z" }))).toEqual([
      `error backups: the remote repository: the newest backup set is of 2026-11-01T02:31:00Z; ${LATE}`,
    ]);
  });

  it("is not asked of a new stack before a backup and a drill were due", () => {
    expect(found("", { since: "2026-11-21T02:30:01Z" })).toEqual([]);
    expect(found(metrics({ backup: 0, drill: 0 }), { since: "2026-11-21T02:30:01Z" })).toEqual([]);
  });

  it("is missed where none was ever taken", () => {
    expect(found("")).toEqual([`error backups: there is no backup set; ${LATE}`, UNPROVEN]);
    expect(found(metrics({ backup: 0, drill: 0 }))).toEqual([
      `error backups: the local repository: there is no backup set; ${LATE}`,
      UNPROVEN,
    ]);
  });

  it("is missed in an old set whose service was made again since", () => {
    expect(found(metrics({ ...GOOD, local: "2026-11-19T02:30:00Z" }), { since: "2026-11-21T11:00:00Z" })).toHaveLength(
      1,
    );
  });

  it("does not hide that the last run failed", () => {
    expect(found(metrics({ ...GOOD, backup: 0 }))).toEqual([
      "error backups: the last backup failed (npm run backup, which says why)",
    ]);
    expect(found(metrics({ ...GOOD, drill: 0 }))).toEqual([
      "error backups: the last drill failed (npm run drill, which says why)",
    ]);
  });

  it("is asked of the set that the last drill could restore", () => {
    expect(found(metrics({ ...GOOD, proven: "2026-11-14T02:30:10Z" }))).toEqual([UNPROVEN]);
  });
});
