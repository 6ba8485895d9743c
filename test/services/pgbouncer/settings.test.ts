import { describe, expect, it } from "vitest";
import { isTooOld } from "../../../components/services/pgbouncer/rules.ts";
import { messageOf } from "../../support/record/settings.ts";
import { settingsOf } from "../../support/record/stacks.ts";

const IMAGE = { repository: "example/shop", tag: "1.0.0", uid: 1000, gid: 1000, probeTool: "wget" };
const MIGRATE = { command: ["migrate", "up"] };
const ON = { enabled: true };

describe("the settings of PgBouncer", () => {
  it("switch nothing on by themselves", () => {
    const { pgbouncer } = settingsOf({});
    expect(pgbouncer).toMatchObject({ enabled: false, pool: 20, direct: 5, queryWait: "30s" });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ pgbouncer: { pool: 0 } }, "  apprun:pgbouncer.pool: got 0; allowed: a whole number from 1 to 500; change it"],
    [
      { pgbouncer: ON, app: { image: IMAGE } },
      "  apprun:pgbouncer.enabled: got true; allowed: with app.migrate, or with a variable of app.variables that names {database.directUrl} or {database.directHost}: what an app migrates when it starts must go past PgBouncer; move the app's migrations to app.migrate, or give it such a variable for them",
    ],
    [
      { pgbouncer: ON, images: { pins: { pgbouncer: { tag: "v1.25.1-p0" } } } },
      '  apprun:images.pins.pgbouncer.tag: got "v1.25.1-p0"; allowed: PgBouncer 1.25.2 or newer: older ones can be ended by whoever reaches them; remove it or name a newer one',
    ],
    [
      {
        services: {
          reports: { image: IMAGE, port: 80, connectsTo: ["postgres"], database: { connections: 50, pooled: true } },
        },
      },
      "  apprun:services.reports.database.pooled: got true; allowed: false without pgbouncer.enabled; remove it or set pgbouncer.enabled to true",
    ],
  ])("refuse %j", (values, message) => {
    expect(messageOf(values)).toEqual([message]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["the sample app, which has nothing to migrate", { pgbouncer: ON }],
    ["an app with a command for its migrations", { pgbouncer: ON, app: { image: IMAGE, migrate: MIGRATE } }],
    [
      "an app that is told the direct address",
      { pgbouncer: ON, app: { image: IMAGE, variables: { MIGRATE_URL: { template: "{database.directUrl}" } } } },
    ],
    ["an old image while it is off", { images: { pins: { pgbouncer: { tag: "v1.21.0-p0" } } } }],
  ])("take %s", (_, values) => {
    expect(messageOf(values)).toEqual([]);
  });
});

it.each([
  ["v1.25.2-p0", false],
  ["1.25.2", false],
  ["1.25.1", true],
  ["v1.9.9", true],
  ["1.24", true],
  ["1.25", true],
  ["v1.26.0-p1", false],
  ["2.0.0", false],
  ["0.99.9", true],
  ["edge", false],
])("an image of the tag %s is too old: %s", (tag, tooOld) => {
  expect(isTooOld(tag)).toBe(tooOld);
});
