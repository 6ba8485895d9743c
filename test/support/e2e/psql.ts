import { expect } from "vitest";
import type { TestProject } from "./e2e.ts";

/** `psql` reads as the owner of the app's database, and writes only where that is asked for. */
export async function expectPsqlReadsAndWritesWhenAsked(project: TestProject): Promise<void> {
  const who = await project.cli(["psql", "apprun", "--", "-Atc", "select current_user, current_database()"]);
  expect(who).toMatchObject({ code: 0, stdout: "apprun|apprun\n" });
  const table = ["psql", "apprun", "--", "-c", "create table e2e_operator (a int)"];
  const refused = await project.cli(table);
  expect(refused.stderr).toContain("cannot execute CREATE TABLE in a read-only transaction");
  expect(refused.code).not.toBe(0);
  expect((await project.cli(["psql", "--write", ...table.slice(1)])).code).toBe(0);
}
