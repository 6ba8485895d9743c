import { existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { POSTGRES } from "../../backup/host/tools.ts";
import { Pair } from "./pair.ts";

const pipeline = (process.env["CI"] ?? "") !== "";

describe.skipIf(POSTGRES === undefined && !pipeline)(
  "a replica's scripts (skipped without PostgreSQL's programs)",
  { timeout: 300_000 },
  () => {
    let pair: Pair;
    const inPair = (work: () => void) => () => {
      pair = new Pair();
      try {
        work();
      } finally {
        pair.end();
      }
    };

    it(
      "copy the primary into an empty volume and follow it by its slot",
      inPair(() => {
        pair.copied();
        expect(readdirSync(pair.replica)).toEqual(["pgdata"]);
        expect(existsSync(join(pair.data("replica"), "standby.signal"))).toBe(true);
        expect(pair.look().stdout).toMatch(
          /^postgres -c max_connections=100 -c primary_conninfo=.* -c primary_slot_name=replica$/,
        );
        pair.catchUp();
        expect(pair.sql("primary", "select slot_name, wal_status from pg_replication_slots")).toBe("replica|reserved");
      }),
    );

    it(
      "throw away what an interrupted copy left, and put back what an interrupted exchange left",
      inPair(() => {
        pair.copied();
        pair.ok("mkdir", join(pair.replica, "copying"));
        pair.ok("mv", pair.data("replica"), join(pair.replica, "stale"));
        expect(pair.look()).toMatchObject({ status: 0, stderr: "" });
        expect(readdirSync(pair.replica)).toEqual(["pgdata"]);
      }),
    );

    it(
      "keep as many connections as the log was written with",
      inPair(() => {
        pair.init("primary");
        pair.start("primary", "-c max_connections=150");
        pair.look();
        expect(pair.look().stdout).toContain("-c max_connections=150");
      }),
    );

    it(
      "touch nothing of a volume with a server that does not follow, or that follows another",
      inPair(() => {
        pair.init("primary");
        pair.start("primary");
        pair.init("replica");
        const promoted = pair.look();
        expect(promoted).toMatchObject({ status: 1 });
        expect(promoted.stderr).toContain("holds a server that does not follow another");
        writeFileSync(join(pair.data("replica"), "standby.signal"), "");
        const other = pair.look();
        expect(other).toMatchObject({ status: 1 });
        expect(other.stderr).toMatch(
          /is a copy of the cluster \d+; allowed: one of the primary's, \d+; nothing was changed/,
        );
        expect(existsSync(join(pair.data("replica"), "PG_VERSION"))).toBe(true);
        expect(pair.sql("primary", "select count(*) from pg_replication_slots")).toBe("0");
      }),
    );

    it(
      "copy again where the primary no longer has the log in between, and serve the old copy while it does not answer",
      inPair(() => {
        pair.copied();
        pair.catchUp();
        pair.sql("primary", "select pg_drop_replication_slot('replica')");
        pair.sql("primary", "insert into rows select generate_series(1, 100); checkpoint");
        const again = pair.look();
        expect(again).toMatchObject({ status: 0 });
        expect(again.stderr).toContain("the copy is too far behind");
        pair.stop("primary");
        const alone = pair.look();
        expect(alone).toMatchObject({ status: 0 });
        expect(alone.stderr).toContain("going on with the copy that is here");
      }),
    );

    it(
      "promote a copy of all that the primary had, keep its old data, and let the replica follow without another copy",
      inPair(() => {
        pair.copied();
        pair.catchUp();
        pair.start(
          "replica",
          `-c 'primary_conninfo=host=${pair.primary} user=postgres'`,
          "-c primary_slot_name=replica",
        );
        pair.sql("primary", "insert into rows values (101)");
        pair.stop("primary");
        pair.stop("replica");
        const { status, stdout, stderr } = pair.promote({ REPLICA_SLOT: "replica" });
        expect(status, stderr).toBe(0);
        const promoted = JSON.parse(stdout) as { lostBytes: number; timeline: number; aside: string };
        expect(promoted).toMatchObject({ lostBytes: 0, timeline: 2 });
        expect(existsSync(join(promoted.aside, "PG_VERSION"))).toBe(true);
        pair.start("primary");
        expect(pair.sql("primary", "select count(*) from rows")).toBe("101");
        pair.sql("primary", "insert into rows values (102)");
        expect(pair.look()).toMatchObject({ status: 0, stderr: "" });
        pair.catchUp();
        pair.start("replica");
        expect(pair.sql("replica", "select count(*) from rows")).toBe("102");
      }),
    );

    it(
      "promote nothing that lacks log of a primary that was stopped in order, unless that is accepted",
      inPair(() => {
        pair.copied();
        pair.catchUp();
        pair.sql("primary", "insert into rows values (101)");
        pair.stop("primary");
        const refused = pair.promote();
        expect(refused).toMatchObject({ status: 1 });
        expect(refused.stderr).toMatch(
          /has \d+ bytes of log that the replica lacks; allowed: .* --accept-loss; nothing was changed/,
        );
        expect(readdirSync(pair.primary).filter((name) => name.startsWith("pgdata"))).toEqual(["pgdata"]);
        const { status, stdout } = pair.promote({ ACCEPT_LOSS: "true" });
        expect(status).toBe(0);
        expect((JSON.parse(stdout) as { lostBytes: number }).lostBytes).toBeGreaterThan(0);
        pair.start("primary");
        expect(pair.sql("primary", "select count(*) from rows")).toBe("100");
      }),
    );

    it(
      "leave no place for an empty cluster when they are stopped in the middle, and promote again",
      inPair(() => {
        pair.copied();
        pair.catchUp();
        pair.stop("primary", "immediate");
        const repair = pair.fails("mv", "*global*.before-*");
        const broken = pair.promote();
        expect(broken).toMatchObject({ status: 1 });
        expect(broken.stderr).toContain("stopped between the old data and the new");
        expect(existsSync(join(pair.data("primary"), "PG_VERSION"))).toBe(true);
        repair();
        const { status, stderr } = pair.promote();
        expect(status, stderr).toBe(0);
        pair.start("primary");
        expect(pair.sql("primary", "select count(*) from rows")).toBe("100");
      }),
    );

    it(
      "promote into a volume that is empty",
      inPair(() => {
        pair.copied();
        pair.catchUp();
        pair.stop("primary", "immediate");
        rmSync(pair.data("primary"), { recursive: true });
        const { status, stdout, stderr } = pair.promote();
        expect(status, stderr).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ lostBytes: null, aside: "" });
        pair.start("primary");
        expect(pair.sql("primary", "select count(*) from rows")).toBe("100");
      }),
    );

    it.each<[string, (pair: Pair) => void, string]>([
      [
        "of no copy",
        (p) => {
          rmSync(p.data("replica"), { recursive: true });
        },
        "the replica has no copy that is whole",
      ],
      [
        "of a server that does not follow",
        (p) => {
          rmSync(join(p.data("replica"), "standby.signal"));
        },
        "the replica's data does not follow a primary",
      ],
      [
        "of another cluster",
        (p) => {
          rmSync(p.data("replica"), { recursive: true });
          p.init("replica");
          writeFileSync(join(p.data("replica"), "standby.signal"), "");
        },
        "the replica is a copy of another cluster",
      ],
    ])("promote nothing %s", (_, spoil, message) => {
      inPair(() => {
        pair.copied();
        pair.stop("primary");
        spoil(pair);
        const refused = pair.promote();
        expect(refused).toMatchObject({ status: 1, stdout: "" });
        expect(refused.stderr).toContain(message);
        pair.start("primary");
        expect(pair.sql("primary", "select count(*) from rows")).toBe("100");
      })();
    });
  },
);
