import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { databaseRoles } from "../../../components/stack/database-roles.ts";
import { MATRIX, matrixTable } from "../../support/e2e/privileges.ts";
import { settingsOf } from "../../support/record/stacks.ts";

const normal = (table: string) => table.replace(/ +/g, " ").replace(/-+/g, "-");

describe("the matrix of privileges", () => {
  it("stands in docs/databases.md", () => {
    expect(normal(readFileSync("docs/databases.md", "utf8"))).toContain(normal(matrixTable()));
  });

  it("has a line for the superuser and for every role that settings can ask for", () => {
    const roles = databaseRoles(
      settingsOf({ grafana: { appDatabase: true }, postgres: { apiRoles: true, replica: { enabled: true } } }),
    );
    expect(MATRIX.map(({ role }) => role).sort()).toEqual(["postgres", ...roles.map(({ role }) => role)].sort());
  });
});
