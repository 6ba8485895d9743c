import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataApiFindings, openTablesSql } from "../../../cli/doctor/data-api.ts";
import { schemaSql } from "../../../components/services/postgrest/schema-job.ts";
import { Server } from "../../services/backup/host/server.ts";
import { settingsOf } from "../../support/record/stacks.ts";
import { withoutServer } from "../../services/backup/host/tools.ts";

const ON = { postgrest: { enabled: true, schemas: ["api", "reports"] } };
const found = async (answer: string | Error, values: Record<string, unknown> = ON) => {
  const query = () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
  const all = await dataApiFindings(settingsOf(values), query);
  return all.map(({ severity, check, message, remedy }) => `${severity} ${check}: ${message} (${remedy})`);
};

describe("tables of the data API without row security", () => {
  it("are told one by one, with both ways out", async () => {
    expect(await found("api.orders\nreports.sums\n")).toEqual(
      ["api.orders", "reports.sums"].map(
        (table) =>
          `warning data API: table ${table}: the role anon reads all of its rows, because it has no row security (in a migration: ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY, with a policy (USING (true) where everybody may read it), or REVOKE SELECT ON ${table} FROM anon)`,
      ),
    );
    expect(await found("\n")).toEqual([]);
  });

  it("are not asked for in a stack without the API", async () => {
    expect(await found("api.orders\n", {})).toEqual([]);
  });

  it("are told apart from a server that does not answer", async () => {
    expect(await found(new Error("ERROR:  too many connections\nand more"))).toEqual([
      "error data API: database apprun: its tables cannot be asked for (too many connections) (look at the log of postgres)",
    ]);
  });
});

describe.skipIf(withoutServer)("the question to a real server (skipped without PostgreSQL's programs)", () => {
  let server: Server;
  beforeAll(() => {
    server = new Server();
    server.sql("postgres", "CREATE ROLE apprun");
    server.sql("postgres", "CREATE DATABASE apprun OWNER apprun");
  });
  afterAll(() => {
    server.stop();
  });
  const ask = () =>
    server
      .sql("apprun", openTablesSql(["api", "reports"]))
      .split("\n")
      .filter((line) => line !== "");

  it("finds nothing before the role is there", () => {
    expect(ask()).toEqual([]);
  });

  it("finds what the role reads without row security in the schemas of the API, and nothing else", () => {
    server.sql("postgres", "CREATE ROLE anon NOLOGIN; CREATE ROLE authenticated NOLOGIN");
    const job = schemaSql({ schemas: ["api", "reports"], roles: ["anon", "authenticated"], after: "shop:1.0.0" });
    // It runs after each version of the app.
    for (const _ of ["first", "again"]) server.sql("apprun", `SET ROLE apprun; ${job.replace(/^--.*$/m, "")}`);
    server.sql(
      "apprun",
      `CREATE TABLE api.open (id int); GRANT SELECT ON api.open TO anon;
       CREATE TABLE api."Some columns" (id int, secret text); GRANT SELECT (id) ON api."Some columns" TO anon;
       CREATE TABLE reports.parts (id int) PARTITION BY RANGE (id); GRANT SELECT ON reports.parts TO PUBLIC;
       CREATE TABLE api.secured (id int); ALTER TABLE api.secured ENABLE ROW LEVEL SECURITY; GRANT SELECT ON api.secured TO anon;
       CREATE TABLE api.hers (id int); GRANT SELECT ON api.hers TO authenticated;
       CREATE TABLE api.written (id int); GRANT INSERT ON api.written TO anon;
       CREATE TABLE public.inside (id int); GRANT SELECT ON public.inside TO anon`,
    );
    expect(ask()).toEqual(['api."Some columns"', "api.open", "reports.parts"]);
  });

  it("finds nothing in a schema that the role does not see", () => {
    server.sql("apprun", "REVOKE USAGE ON SCHEMA api FROM anon");
    expect(ask()).toEqual(["reports.parts"]);
  });
});
