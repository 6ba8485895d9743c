import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { secret } from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { provisioningSql } from "../../components/services/postgres/sql.ts";
import { restSql } from "../../components/services/postgres/engine/rest-sql.ts";
import { databaseRoles } from "../../components/stack/database-roles.ts";
import { hasPlugins } from "../support/e2e/available.ts";
import { docker, TestProject } from "../support/e2e/e2e.ts";
import { Authority, hostAddress, startPostgres } from "../support/e2e/servers.ts";
import { DATABASES, INSIDE, ROLES } from "../support/e2e/server-state.ts";
import { settingsOf } from "../support/record/stacks.ts";

const STACK = "dev";
const [NEW, OLD] = ["apprun-e2e-provider-new", "apprun-e2e-provider-old"] as const;
const PORTS = { [NEW]: 55_653, [OLD]: 56_653 };
const PASSWORD = "of-the-managed-server";
const OWNED = ["apprun", "kratos", "temporal", "temporal_visibility"];

/** A stack whose program is its server alone, deployed by the engine's own command. */
class ServerProject extends TestProject {
  constructor() {
    super(STACK, {}, "postgresql-provider", "test/e2e/programs/postgresql.ts");
    mkdirSync(join(this.directory, ".apprun", "state"), { recursive: true });
    writeFileSync(join(this.directory, ".apprun", "passphrase"), "a passphrase for a test\n");
  }

  async run(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.pulumi(args);
    this.output += stdout + stderr;
    expect(code, `${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
    return stdout;
  }

  async fails(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.pulumi(args);
    this.output += stdout + stderr;
    expect(code, stdout + stderr).not.toBe(0);
    return stdout + stderr;
  }
}

describe.skipIf(!(await hasPlugins("postgresql")))(
  "a server that the engine provisions (skipped without the plugin postgresql)",
  { timeout: 300_000 },
  () => {
    const project = new ServerProject();
    let host = "";
    let ca = "";
    const values = (server: typeof NEW | typeof OLD, more: object = {}) => ({
      grafana: { appDatabase: true },
      volumes: { protect: true },
      postgres: {
        mode: "external",
        apiRoles: true,
        extensions: ["pg_trgm"],
        external: {
          ...{ host, port: PORTS[server], adminUser: "keeper", sslMode: "verify-full", ca, provisioning: "engine" },
          ...more,
        },
      },
    });
    const roles = () =>
      databaseRoles(settingsOf(values(NEW), STACK, { postgresAdminPassword: secret("") })).map(
        ({ login = true, ...request }) => ({ ...request, password: login ? secret("") : undefined }),
      );
    /** psql as a job runs it; every password that it asks for is the same. */
    const psql = (server: string, user: string, database: string, script: string): string => {
      const { status, stdout, stderr } = spawnSync(
        "docker",
        [
          ...["exec", "-i", "-e", `PGPASSWORD=${PASSWORD}`, server, "sh", "-c"],
          'cat >/tmp/job.sql && yes of-a-role | psql -XAtq -v ON_ERROR_STOP=1 -h 127.0.0.1 -U "$0" -d "$1" -f /tmp/job.sql',
          ...[user, database],
        ],
        { input: script, encoding: "utf8" },
      );
      expect(status, stderr).toBe(0);
      return stdout;
    };
    const asAdmin = (server: string, database: string, script: string) => psql(server, "postgres", database, script);
    const stateOf = (server: string): readonly string[] =>
      [
        asAdmin(server, "postgres", ROLES),
        asAdmin(server, "postgres", DATABASES),
        ...OWNED.map((database) => asAdmin(server, database, INSIDE).replace(/^/gm, `${database}: `)),
      ].flatMap((text) => text.split("\n"));
    const table = "SET ROLE apprun; CREATE TABLE kept AS SELECT 7 AS n;";

    beforeAll(async () => {
      host = await hostAddress(NEW);
      const authority = new Authority(join(project.directory, "tls"), "authority");
      ca = authority.certificate;
      const tls = authority.certify(host);
      for (const name of [NEW, OLD] as const) {
        const parameters = ["max_connections=300", "log_statement=all"];
        const image = "postgres:17-alpine";
        await startPostgres({ address: host, password: PASSWORD, name, port: PORTS[name], image, tls, parameters });
        asAdmin(
          name,
          "postgres",
          `CREATE ROLE keeper LOGIN CREATEROLE CREATEDB PASSWORD '${PASSWORD}'; GRANT pg_monitor TO keeper WITH ADMIN OPTION;`,
        );
      }
      // What a job of this program has made already.
      psql(OLD, "keeper", "postgres", provisioningSql(`apprun/${STACK}`, roles()));
      asAdmin(OLD, "apprun", table);
      project.configure(values(NEW));
      await project.run("stack", "init");
      await project.run("config", "set", "--secret", "apprun:postgresAdminPassword", PASSWORD);
      await project.rememberSalt();
    });
    afterAll(async () => {
      await docker("rm", "-f", "-v", NEW, OLD);
    });

    it("is refused without the certificate's authority, with no password in the message", async () => {
      project.configure(values(NEW, { ca: new Authority(join(project.directory, "tls"), "stranger").certificate }));
      expect(await project.fails("up", "--yes")).toMatch(/certificate signed by unknown authority|certificate verify/);
      project.configure(values(NEW));
    });

    it("has every role, database, grant and extension as resources in a preview", async () => {
      const shown = await project.run("preview");
      for (const line of [
        "postgresql:index:Role",
        "postgresql:index:Database",
        "postgresql:index:Grant",
        "DefaultPrivileges",
        "Extension",
      ])
        expect(shown).toContain(line);
      expect(asAdmin(NEW, "postgres", DATABASES)).toBe("");
    });

    it("gets what the job makes, to each privilege, and the job's rest changes none of it", async () => {
      await project.run("up", "--yes", "--skip-preview");
      psql(NEW, "keeper", "postgres", restSql(`apprun/${STACK}`, roles()));
      asAdmin(NEW, "apprun", table);
      expect(stateOf(NEW)).toEqual(stateOf(OLD));
      expect(psql(NEW, "keeper", "apprun", "SELECT n FROM kept")).toBe("7\n");
    });

    it("is unchanged by the next update, with tables that came meanwhile", async () => {
      expect(await project.run("up", "--yes", "--skip-preview", "--expect-no-changes")).toMatch(/\d+ unchanged/);
      await project.run("refresh", "--preview-only", "--expect-no-changes");
    });

    it("shows what somebody changed by hand, each by its resource, and the next update undoes it", async () => {
      const before = stateOf(NEW);
      asAdmin(NEW, "apprun", "REVOKE SELECT ON kept FROM grafana; GRANT CREATE ON SCHEMA public TO PUBLIC;");
      asAdmin(
        NEW,
        "postgres",
        "GRANT CONNECT ON DATABASE kratos TO PUBLIC; ALTER ROLE kratos CONNECTION LIMIT 3; ALTER ROLE grafana SET statement_timeout = '60000'; REVOKE anon FROM authenticator GRANTED BY keeper;",
      );
      const drift = await project.fails("refresh", "--preview-only", "--expect-no-changes", "--diff");
      for (const name of [
        "postgres-tables-apprun-grafana",
        "postgres-schema-apprun-PUBLIC",
        "postgres-database-kratos-PUBLIC",
        "postgres-role-kratos",
        "postgres-role-grafana",
        "postgres-role-authenticator",
      ])
        expect(drift).toContain(`::${name}`);
      await project.run("up", "--yes", "--skip-preview");
      expect(stateOf(NEW)).toEqual(before);
    });

    it("keeps its databases: the engine refuses to delete one, and nothing of a role goes with its resource", async () => {
      const before = stateOf(NEW);
      const less = values(NEW);
      project.configure({ ...less, grafana: { appDatabase: false } });
      await project.run("up", "--yes", "--skip-preview");
      expect(stateOf(NEW)).toEqual(before);
      project.configure(values(NEW, { adopt: ["grafana"] }));
      await project.run("up", "--yes", "--skip-preview");
      expect(await project.fails("destroy", "--yes", "--skip-preview")).toContain("protect");
    });

    it("takes over what the job made, without a row lost, and then changes nothing", async () => {
      const [before, left] = [stateOf(OLD), stateOf(NEW)];
      await project.run("state", "unprotect", "--all", "--yes");
      await project.run("destroy", "--yes", "--skip-preview");
      expect(stateOf(NEW)).toEqual(left);
      project.configure(values(OLD));
      expect(await project.fails("up", "--yes", "--skip-preview")).toContain("already exists");
      expect(stateOf(OLD)).toEqual(before);
      project.configure(values(OLD, { adopt: ["*"] }));
      await project.run("up", "--yes", "--skip-preview");
      expect(stateOf(OLD)).toEqual(before);
      expect(asAdmin(OLD, "apprun", "SELECT n FROM kept")).toBe("7\n");
      project.configure(values(OLD));
      await project.run("up", "--yes", "--skip-preview", "--expect-no-changes");
    });

    it("leaves no password in what the engine printed or the server logged", async () => {
      expect(project.output).not.toContain(PASSWORD);
      expect(await docker("logs", NEW)).not.toMatch(/of-a-role|which the job sets/);
    });
  },
);
