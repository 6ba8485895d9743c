import { describe, expect, it } from "vitest";
import {
  CHECKED,
  NATS,
  OLD_KRATOS,
  OLD_POSTGRES,
  run,
  SCHEDULE,
  type World,
  REPAIRED,
  resource,
  VOLUME,
} from "../../support/fakes/up-world.ts";

describe("before new versions of what touches data", () => {
  const state = { resources: [SCHEDULE, OLD_KRATOS] };

  it("a backup is taken, after the repair and before the update", async () => {
    expect((await run({ state })).log).toEqual([...REPAIRED, "backup.sh", "up", "copy state", "observe"]);
  });

  it("nothing is updated where the backup fails", async () => {
    const { log, code, message } = await run({ state, throws: { "backup.sh": new Error("no space") } });
    expect(log).toEqual([...REPAIRED, "backup.sh"]);
    expect(code).toBe(1);
    expect(message).toBe(
      "stack dev: no backup could be taken before new versions of kratos; nothing was changed: fix the cause below, or update without a fresh backup: --skip-backup\nno space",
    );
  });

  it("none is taken with --skip-backup", async () => {
    expect((await run({ state, options: { skipBackup: true } })).log).toEqual([
      ...REPAIRED,
      "up",
      "copy state",
      "observe",
    ]);
  });
});

describe("an upgrade of PostgreSQL", () => {
  const world: World = { settings: { postgres: { upgradeFrom: 15 } }, state: { resources: [SCHEDULE, OLD_POSTGRES] } };

  it("takes a backup and says what the services can do meanwhile", async () => {
    const { log, stderr } = await run({ ...world, options: { forgetData: true, confirm: "dev" } });
    expect(log).toEqual([...REPAIRED, "backup.sh", "up", "copy state", "observe"]);
    expect(stderr).toContain("taking a backup before new versions of postgres\n");
    expect(stderr).toContain(
      "upgrading PostgreSQL 15 to 17: the services can read, and cannot write until the new server runs\n",
    );
  });

  it("goes on without another one where it was interrupted after it had closed the server to the backup", async () => {
    const { log, stderr } = await run({ ...world, isClosed: true, options: { forgetData: true, confirm: "dev" } });
    expect(log).toEqual([...REPAIRED, "up", "copy state", "observe"]);
    expect(stderr).toContain(
      "an upgrade of PostgreSQL 15 was interrupted after it had closed the server: its backup is from before, and nothing was written since\n",
    );
  });

  it("goes nowhere without one", async () => {
    const { log, code, message } = await run({ ...world, options: { skipBackup: true } });
    expect(log).toEqual(CHECKED);
    expect({ code, message }).toEqual({
      code: 2,
      message:
        "--skip-backup: got it with an upgrade of PostgreSQL 15 to 17; allowed: an upgrade with a fresh backup; leave it out",
    });
  });

  it("is refused where nobody asked for it", async () => {
    const { log, code } = await run({ state: world.state! });
    expect({ log, code }).toEqual({ log: CHECKED, code: 2 });
  });
});

describe("data that the operator lets go of", () => {
  it("is forgotten by the engine, stays where it is, and is named at the end", async () => {
    const { log, code, stderr } = await run({
      state: { resources: [NATS] },
      options: { forgetData: true, confirm: "dev" },
    });
    expect(log).toEqual([...REPAIRED, "pulumi state unprotect nats --yes of dev", "up", "copy state", "observe"]);
    expect(code).toBe(0);
    expect(stderr.endsWith("left where they are: apprun-dev-nats; to delete them: remove apprun-dev-nats\n")).toBe(
      true,
    );
  });

  it("is taken up again by the same update that forgets other data, and what is left to do is said last", async () => {
    const found = [{ id: "apprun-dev-postgres-17" }, { id: "apprun-dev-grafana" }];
    const known = resource(VOLUME, "postgres-17", { inputs: { name: "apprun-dev-postgres-17" } });
    const world = { state: { resources: [NATS, known] }, found };
    const { log, code, stderr } = await run({
      ...world,
      options: { forgetData: true, takeData: true, confirm: "dev" },
    });
    expect(log).toEqual([...REPAIRED, "pulumi state unprotect nats --yes of dev", "up", "copy state", "observe"]);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /left where they are: apprun-dev-nats; .*\ntaken up: apprun-dev-grafana\napprun-dev-grafana: its database .*\n$/,
    );
    const unsaid = await run({ ...world, options: { forgetData: true, takeData: true, confirm: "prod" } });
    expect([unsaid.log, unsaid.code]).toEqual([CHECKED, 2]);
  });

  it.each<[string, World]>([
    ["of a state that was lost", { state: {} }],
    ["with a wrong answer", { options: { takeData: true, confirm: "prod" } }],
  ])("is not taken up %s", async (_, world) => {
    const found = [{ id: "apprun-dev-postgres-17" }, { id: "apprun-dev-grafana" }];
    const known = resource(VOLUME, "postgres-17", { inputs: { name: "apprun-dev-postgres-17" } });
    const { log, code } = await run({
      state: { resources: [known] },
      found,
      options: { takeData: true, confirm: "dev" },
      ...world,
    });
    expect(log).toEqual(CHECKED);
    expect(code).not.toBe(0);
  });

  it("as the volume of an older PostgreSQL is deleted once the engine let go of it", async () => {
    const { log, code } = await run({ options: { removeOld: true, confirm: "dev" } });
    expect(log).toEqual([
      ...CHECKED,
      "old majors dev",
      ...REPAIRED.slice(CHECKED.length),
      "pulumi state unprotect postgres-15 --yes of dev",
      "up",
      "remove old volumes",
      "copy state",
      "observe",
    ]);
    expect(code).toBe(0);
  });

  it("stays where the update fails", async () => {
    const { log, code } = await run({ options: { removeOld: true, confirm: "dev" }, throws: { up: new Error("no") } });
    expect(log).not.toContain("remove old volumes");
    expect(code).toBe(1);
  });
});
