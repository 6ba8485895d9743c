import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { idleSlotsSql, slotFindings } from "../../../cli/doctor/slots.ts";
import { Server } from "../../services/backup/host/server.ts";
import { withoutServer } from "../../services/backup/host/tools.ts";
import { settingsOf } from "../../support/record/stacks.ts";

const found = async (answer: string | Error) => {
  const query = () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
  const all = await slotFindings(settingsOf({}), query);
  return all.map(({ severity, check, message, remedy }) => `${severity} ${check}: ${message} (${remedy})`);
};

describe("replication slots that nobody reads", () => {
  it("are told with what they keep, what bounds it, and how they go", async () => {
    const remedy = (slot: string) =>
      `if nobody is to read it again: npm run psql -- postgres --write -- -c "select pg_drop_replication_slot('${slot}')"`;
    expect(await found("replica|96 MB|1GB\nwarehouse|12 GB|-1\n")).toEqual([
      `warning slots: PostgreSQL keeps 96 MB of its log for the replication slot replica, which nobody reads; at most 1GB (${remedy("replica")})`,
      `warning slots: PostgreSQL keeps 12 GB of its log for the replication slot warehouse, which nobody reads, and no limit ends it before the disk is full (${remedy("warehouse")})`,
    ]);
  });

  it("are not there, or cannot be asked for", async () => {
    expect(await found("\n")).toEqual([]);
    expect(await found(new Error("no server"))).toEqual([]);
  });
});

describe.skipIf(withoutServer)("the question to a real server (skipped without PostgreSQL's programs)", () => {
  let server: Server;
  beforeAll(() => {
    server = new Server();
  });
  afterAll(() => {
    server.stop();
  });
  const ask = (hasReplica: boolean) => server.sql("postgres", idleSlotsSql(hasReplica)).trim();

  it("finds those that keep log, and not the stack's own replica's where it is on", () => {
    expect(ask(false)).toBe("");
    server.sql("postgres", "SELECT pg_create_physical_replication_slot('replica', true)");
    // Without a reader yet this one keeps nothing.
    server.sql("postgres", "SELECT pg_create_physical_replication_slot('new')");
    expect(ask(false)).toMatch(/^replica\|\d+ (bytes|kB|MB)\|-1$/);
    expect(ask(true)).toBe("");
  });
});
