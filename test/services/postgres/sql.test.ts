import { secret, type Output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { databaseRoles } from "../../../components/stack/database-roles.ts";
import type { RoleSpec } from "../../../components/services/postgres/roles.ts";
import { passwordLines, provisioningSql } from "../../../components/services/postgres/sql.ts";
import { settingsOf } from "../../support/record/stacks.ts";

const value = <T>(from: Output<T>) => new Promise<T>((resolve) => void from.apply(resolve));
const KRATOS: RoleSpec = { role: "kratos", databases: ["kratos"], password: secret("pw"), connectionLimit: 40 };
const sqlOf = (...roles: RoleSpec[]) => provisioningSql("apprun/dev", roles).split("\n");

describe("the SQL of a server", () => {
  it("makes a role that owns its database, and lets nobody else in", () => {
    const lines = sqlOf({ ...KRATOS, statementTimeout: "15m", idleInTransactionTimeout: "60s" });
    expect(lines.slice(lines.findIndex((line) => line.startsWith("SELECT 'CREATE ROLE")))).toEqual([
      `SELECT 'CREATE ROLE "kratos"' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kratos') \\gexec`,
      `SELECT 'ALTER ROLE "kratos" NOSUPERUSER NOREPLICATION NOBYPASSRLS' FROM pg_roles WHERE rolname = 'kratos' AND (rolsuper OR rolreplication IS DISTINCT FROM false OR rolbypassrls IS DISTINCT FROM false) \\gexec`,
      `ALTER ROLE "kratos" WITH LOGIN INHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 40;`,
      `\\password "kratos"`,
      `COMMENT ON ROLE "kratos" IS 'apprun stack apprun/dev';`,
      `ALTER ROLE "kratos" RESET ALL;`,
      `ALTER ROLE "kratos" SET statement_timeout = '900000';`,
      `ALTER ROLE "kratos" SET idle_in_transaction_session_timeout = '60000';`,
      `GRANT "kratos" TO CURRENT_USER;`,
      `SELECT 'CREATE DATABASE "kratos" OWNER "kratos"' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'kratos') \\gexec`,
      `ALTER DATABASE "kratos" OWNER TO "kratos";`,
      `REVOKE ALL ON DATABASE "kratos" FROM PUBLIC;`,
      `GRANT ALL ON DATABASE "kratos" TO "kratos";`,
      `\\connect "kratos"`,
      `REVOKE CREATE ON SCHEMA public FROM PUBLIC;`,
      `GRANT ALL ON SCHEMA public TO "kratos";`,
      `SELECT format('ALTER ROLE %I NOLOGIN PASSWORD NULL', rolname) FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = 'apprun stack apprun/dev' AND rolname NOT IN ('kratos') \\gexec`,
      `DO $$ BEGIN PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN (SELECT rolname FROM pg_roles WHERE shobj_description(oid, 'pg_authid') = 'apprun stack apprun/dev' AND rolname NOT IN ('kratos')) AND pg_has_role(usesysid, 'MEMBER'); END $$;`,
      "",
    ]);
  });

  it("first refuses databases that a restore left aside", () => {
    const sql = sqlOf(KRATOS).join("\n");
    const check = sql.slice(0, sql.indexOf("CREATE ROLE"));
    expect(check).toContain("FROM (VALUES ('kratos')) AS wanted (name)");
    expect(check).toContain(
      "database %: a restore that was interrupted has set it aside; allowed: one that is in its place; put it back with: npm run restore -- --undo",
    );
    expect(sqlOf({ ...KRATOS, databases: [] }).join("\n")).not.toContain("__before");
  });

  it("leaves the passwords to psql, which asks for each twice, in the order of the roles that log in", async () => {
    const roles = [
      KRATOS,
      { ...KRATOS, role: "anon", password: undefined },
      { ...KRATOS, role: "other", password: secret("second") },
    ];
    expect(sqlOf(...roles).filter((line) => line.startsWith("\\password"))).toEqual([
      `\\password "kratos"`,
      `\\password "other"`,
    ]);
    expect(await value(passwordLines(roles))).toBe("pw\npw\nsecond\nsecond\n");
  });

  it("installs extensions in the owner's database only, and first asks for all that the server lacks", () => {
    const lines = sqlOf(
      { ...KRATOS, extensions: ["pg_trgm", "citext"] },
      { ...KRATOS, role: "other", databases: ["other"] },
    );
    expect(lines[1]).toContain("string_to_array('citext,pg_trgm', ',')");
    expect(lines.filter((line) => /^(CREATE EXTENSION|\\connect)/.test(line))).toEqual([
      `\\connect "kratos"`,
      `CREATE EXTENSION IF NOT EXISTS "pg_trgm" SCHEMA public;`,
      `CREATE EXTENSION IF NOT EXISTS "citext" SCHEMA public;`,
      `\\connect "other"`,
    ]);
  });

  it("lets a reader see the tables of today and tomorrow, and write nothing", () => {
    const lines = sqlOf(KRATOS, {
      role: "reader",
      databases: [],
      password: secret("r"),
      connectionLimit: 5,
      reads: ["kratos"],
    });
    expect(lines.filter((line) => line.endsWith(' TO "reader";'))).toEqual([
      `GRANT CONNECT ON DATABASE "kratos" TO "reader";`,
      `GRANT USAGE ON SCHEMA public TO "reader";`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA public TO "reader";`,
      `ALTER DEFAULT PRIVILEGES FOR ROLE "kratos" IN SCHEMA public GRANT SELECT ON TABLES TO "reader";`,
    ]);
    expect(lines).toContain(`ALTER ROLE "reader" SET default_transaction_read_only = 'on';`);
  });

  it("makes a role without a login that another becomes", () => {
    const anon: RoleSpec = { role: "anon", databases: [], connectionLimit: 20, inherits: false, uses: ["kratos"] };
    const lines = sqlOf(KRATOS, anon, { ...anon, role: "authenticator", password: secret("a"), memberOf: ["anon"] });
    expect(lines).toContain(`ALTER ROLE "anon" WITH NOLOGIN NOINHERIT NOCREATEDB NOCREATEROLE CONNECTION LIMIT 20;`);
    expect(lines).toContain(`ALTER ROLE "anon" PASSWORD NULL;`);
    expect(lines).toContain(`GRANT "anon" TO "authenticator";`);
    expect(lines.filter((line) => line.startsWith("GRANT") && line.includes('"anon";'))).toEqual([
      `GRANT CONNECT ON DATABASE "kratos" TO "anon";`,
      `GRANT USAGE ON SCHEMA public TO "anon";`,
    ]);
  });
});

describe("the roles of a stack", () => {
  const namesOf = (values: Record<string, unknown>, stack = "dev") =>
    databaseRoles(settingsOf(values, stack)).map(({ role }) => role);

  it("are those that its settings ask for", () => {
    expect(namesOf({})).toEqual(["apprun", "kratos", "temporal", "backup", "monitoring"]);
    expect(namesOf({ backup: { enabled: false }, exporters: { postgres: false } })).toEqual([
      "apprun",
      "kratos",
      "temporal",
    ]);
    expect(namesOf({ grafana: { appDatabase: true }, postgres: { apiRoles: true } }).slice(5)).toEqual([
      "grafana",
      "anon",
      "authenticated",
      "authenticator",
    ]);
  });

  it("except for the backup's reader never wait for ever", () => {
    const roles = databaseRoles(settingsOf({ grafana: { appDatabase: true }, postgres: { apiRoles: true } }));
    const endless = roles.filter(
      (role) => role.statementTimeout === undefined || role.idleInTransactionTimeout === undefined,
    );
    expect(endless.map(({ role }) => role)).toEqual(["backup"]);
  });
});
