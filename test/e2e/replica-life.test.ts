import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { BackupStack } from "../support/e2e/backup-stack.ts";
import { containers, docker, SMALL, wipe } from "../support/e2e/e2e.ts";
import { killAfter, killAt, until } from "../support/e2e/kill.ts";
import { Replica } from "../support/e2e/replica.ts";

const STACK = "pr-888";
const OFF = { enabled: false };

/** A stack with a replica, on a PostgreSQL of one major, upgraded from another. */
const settings = (major: number, upgradeFrom?: number) => ({
  ...{ temporal: OFF, grafana: OFF, prometheus: OFF },
  images: { pins: { ...SMALL.images.pins, postgres: { tag: `${major}-alpine` } } },
  backup: { enabled: true, pointInTime: { enabled: true } },
  postgres: { ...SMALL.postgres, replica: { enabled: true }, ...(upgradeFrom !== undefined && { upgradeFrom }) },
});

const stack = new BackupStack(STACK, settings(15));
const { project } = stack;
const replica = new Replica(stack);
const name = (service: string) => stack.name(service);
const rows = (from: number, to: number) =>
  stack.sql(`select string_agg(id::text, ',' order by id) from ledger where id between ${from} and ${to}`);
const promote = () => stack.ok(["promote", "--confirm", STACK]);
const volumes = async () =>
  (await docker("volume", "ls", "--quiet", "--filter", `name=^${name("postgres-")}`)).trim().split("\n").sort();
const unchanged = async () => {
  const before = await containers(STACK);
  const { code, stderr } = await project.cli(["up"]);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/Resources:\s+\d+ unchanged\n/)]);
  expect(await containers(STACK)).toEqual(before);
};
/** Whether a container works on the data of both servers. */
const copies = async () => (await docker("ps", "--quiet", "--filter", `name=^${name("promote")}$`)).trim() !== "";
/** A moment with nothing written near it, as the command takes it. */
const moment = async () => {
  await sleep(2000);
  const now = await stack.sql(`select to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`);
  await sleep(2000);
  return now;
};

describe.skipIf(!(await hasRestic()))("the life of a stack with a replica (skipped without restic 0.17)", () => {
  beforeAll(async () => {
    await wipe(STACK);
    await stack.ok(["up"]);
    await project.rememberSalt();
    await stack.sql(
      "create table ledger (id bigint primary key); alter table ledger owner to apprun; insert into ledger select generate_series(1, 1000)",
    );
  });
  afterAll(() => wipe(STACK));

  const dies = {
    "before it copies": (args: readonly string[]) => killAfter(project, args, /stopping container \S+-replica/, 0),
    "while it copies": (args: readonly string[]) => killAt(project, args, () => until(copies)),
    "after the exchange": (args: readonly string[]) => killAfter(project, args, /promoted data is the primary's/, 0),
  };
  it.each(Object.entries(dies))(
    "a promotion whose command line dies %s loses nothing, and no server is started under it",
    async (_, kill) => {
      await kill(["promote", "--confirm", STACK]);
      const refused = { code: 1, stderr: expect.stringContaining("may still copy or exchange its data") as string };
      if (kill === dies["while it copies"]) expect(await copies()).toBe(true);
      if (await copies())
        for (const service of ["postgres", "postgres-replica"])
          expect(await project.cli(["restart", service, "--confirm", STACK])).toMatchObject(refused);
      await stack.ok(["up"]);
      expect(await copies()).toBe(false);
      expect(await stack.sql("select count(*) from ledger where id > 0")).toBe("1000");
      await replica.follows();
    },
  );

  it("moments before and after a promotion come back, and the replica follows", async () => {
    await stack.ok(["backup"]);
    await stack.sql("insert into ledger values (2001)");
    const before = await moment();
    await stack.sql("insert into ledger values (2002)");
    await promote();
    await replica.follows();
    await stack.sql("insert into ledger values (2003)");
    const after = await moment();
    await stack.sql("delete from ledger where id > 2000");
    await stack.ok(["restore", "--point-in-time", before, "--confirm", STACK]);
    expect(await rows(2001, 2003)).toBe("2001");
    await replica.follows();
    await stack.ok(["restore", "--point-in-time", after, "--confirm", STACK]);
    expect(await rows(2001, 2003)).toBe("2001,2002,2003");
    await replica.follows();
  });

  it("an upgrade of PostgreSQL takes all rows, and the new replica copies the new server", async () => {
    project.configure({ ...stack.settings, ...settings(17, 15) });
    await stack.ok(["up"]);
    expect(await stack.sql("show server_version_num")).toMatch(/^17/);
    expect(await replica.sql("show server_version_num")).toMatch(/^17/);
    expect(await rows(2001, 2003)).toBe("2001,2002,2003");
    expect(await replica.sql("select count(*) from ledger where id > 0")).toBe("1003");
    // What bounds the log for a dead replica is kept with the data, and the new server has other data.
    expect(await stack.sql("show max_slot_wal_keep_size")).not.toBe("-1");
    await replica.follows();
    await unchanged();
    expect(await volumes()).toEqual(
      ["15", "15-replica", "15-wal", "17", "17-replica", "17-wal"].map((volume) => name(`postgres-${volume}`)),
    );
  });

  it("the new server is promoted as the old one was", async () => {
    await promote();
    expect(await stack.sql("show server_version_num")).toMatch(/^17/);
    expect(await rows(2001, 2003)).toBe("2001,2002,2003");
    await replica.follows();
    await unchanged();
  });

  it("the old volumes go when the operator says so", async () => {
    project.configure({ ...stack.settings, ...settings(17) });
    expect((await project.cli(["up"])).code).toBe(1);
    await stack.ok(["up", "--remove-old", "--confirm", STACK]);
    expect(await volumes()).toEqual(["17", "17-replica", "17-wal"].map((volume) => name(`postgres-${volume}`)));
    await replica.follows();
    await until(async () => (await stack.sql("select count(*) from pg_stat_replication")) === "1");
  });
});
