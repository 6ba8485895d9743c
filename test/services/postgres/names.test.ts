import { secret } from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { maskEnvironment } from "../../../cli/backup/mask.ts";
import type { Recording } from "../../../cli/kit/record.ts";
import { secretMark } from "../../../components/model/secret-mark.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import { databaseName, withNames } from "../../../components/services/postgres/names.ts";
import { databaseRoles } from "../../../components/stack/database-roles.ts";
import { schemaVersions } from "../../../components/stack/schema-versions.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { fromDocker } from "../../support/record/parity.ts";
import { messageOf } from "../../support/record/settings.ts";
import { inputsOf, settingsOf, stackOf } from "../../support/record/stacks.ts";

const DATABASES = { apprun: "Shop-DB", kratos: "identity", temporal_visibility: "shop_visibility" };
const ROLES = { apprun: "shop-owner", kratos: "identity", monitoring: "shop_monitoring" };
const server = (more: object) => ({
  postgres: { mode: "external", external: { host: "db.example.com", adminUser: "keeper", ...more } },
});
const SECRETS = { postgresAdminPassword: secret(secretMark("postgresAdminPassword")) };
const NAMED = {
  ...server({ databases: DATABASES, roles: ROLES }),
  grafana: { appDatabase: true },
  backup: { enabled: true },
};

describe("roles and databases that a managed server has under other names", () => {
  let named: Recording<Stack>;
  let plain: Recording<Stack>;
  const form = (name: string) =>
    fromDocker(inputsOf<RecordedContainer>(named, "docker:index/container:Container", name), "apprun-dev-");
  const text = (name: string) => {
    const { env, files, secretFiles, args } = form(name);
    return [...env, ...Object.values(files), ...Object.values(secretFiles), ...args].join("\n");
  };
  const resources = ({ resources: all }: Recording<Stack>) => all.map(({ type, name }) => `${type} ${name}`).sort();

  beforeAll(async () => {
    named = await stackOf(NAMED, "dev", SECRETS);
    plain = await stackOf({ ...NAMED, ...server({}) }, "dev", SECRETS);
  });

  it("change no resource's name, and so no generated password", () => {
    expect(resources(named)).toEqual(resources(plain));
  });

  it("are what the job makes, grants and shows", () => {
    const sql = text("postgres-provision");
    for (const line of [
      `CREATE DATABASE "Shop-DB" OWNER "shop-owner"`,
      `ALTER DATABASE "identity" OWNER TO "identity";`,
      `ALTER DATABASE "temporal" OWNER TO "temporal";`,
      `ALTER DATABASE "shop_visibility" OWNER TO "temporal";`,
      `GRANT CONNECT ON DATABASE "Shop-DB" TO "grafana";`,
      `ALTER DEFAULT PRIVILEGES FOR ROLE "shop-owner" IN SCHEMA public GRANT SELECT ON TABLES TO "grafana";`,
      `GRANT "pg_monitor" TO "shop_monitoring";`,
    ])
      expect(sql).toContain(line);
    expect(sql).not.toMatch(/"(apprun|kratos|temporal_visibility|monitoring)"/);
  });

  it("reach every consumer", () => {
    const own = (role: string, database: string) =>
      new RegExp(`postgres://${role}:\\S+@db\\.example\\.com:5432/${database}\\?`);
    expect(text("apprun")).toMatch(own("shop-owner", "Shop-DB"));
    expect(form("apprun").env).toEqual(expect.arrayContaining(["DB_NAME=Shop-DB", "DB_USER=shop-owner"]));
    expect(text("kratos")).toMatch(own("identity", "identity"));
    expect(text("kratos-migrate")).toMatch(own("identity", "identity"));
    expect(text("temporal")).toContain("databaseName: shop_visibility");
    expect(text("temporal-schema")).toContain("temporal-sql-tool --db shop_visibility setup-schema");
    expect(text("grafana")).toContain("Shop-DB");
    expect(form("backup").env).toContain("BACKUP_DATABASES=Shop-DB identity shop_visibility temporal");
    expect(text("postgres-exporter")).toContain("current_database() = 'identity'");
    expect(form("postgres-exporter").env).toContain("DATA_SOURCE_USER=shop_monitoring");
    expect(text("postgres-exporter-role")).toContain('\\connect "shop_visibility"');
  });

  it("are asked for in texts that SQL ends where they end", () => {
    const sql = text("postgres-check");
    expect(sql).toContain("run there as the server''s owner: REASSIGN OWNED BY");
    // What is left of a line without its texts has no letter that a text had.
    for (const line of sql.split("\n").filter((each) => each.startsWith("SELECT format(")))
      expect(line.replaceAll(/'(?:[^']|'')*'/g, "")).toMatch(
        /^SELECT format\([\w(),* ]*\)( WHERE NOT EXISTS \(.*\);)?$/,
      );
  });

  it("must be there if they are databases, and their tables must be the role's", () => {
    const sql = text("postgres-check");
    expect(sql).toContain("database %I: it is not there; allowed: one that is, because the settings name it");
    expect(sql.match(/\\connect .*/g)).toEqual([
      '\\connect "Shop-DB"',
      '\\connect "identity"',
      '\\connect "shop_visibility"',
    ]);
    expect(sql).toContain(
      "REASSIGN OWNED BY %I TO %I', 'Shop-DB', count(*), owner, 'shop-owner', owner, 'shop-owner')",
    );
  });

  it("are asked for by doctor, restores and masks, and a set keeps the stack's names", () => {
    const settings = settingsOf(NAMED, "dev", SECRETS);
    expect(schemaVersions(settings).map(({ name, database }) => [name, database])).toEqual([
      ["kratos", "identity"],
      ["temporal", "temporal"],
      ["temporal_visibility", "shop_visibility"],
    ]);
    const mask = { files: [], database: databaseName(settings.postgres, "apprun"), role: "shop-owner", password: "" };
    expect(maskEnvironment(mask)).toMatchObject({ BACKUP_DATABASES: "Shop-DB", BACKUP_MASK: "shop-owner" });
  });

  it("are followed by own services, which have names of their own", () => {
    const service = {
      image: { repository: "example/report", tag: "1", uid: 1000, gid: 1000, probeCommand: ["true"] },
      connectsTo: ["postgres"],
      port: 8080,
    };
    const services = { report: service, clerk: { ...service, database: { of: "app" } } };
    const settings = settingsOf(
      { ...server({ databases: { apprun: "shop", report: "old_report" }, roles: ROLES }), services },
      "dev",
      SECRETS,
    );
    const roles = databaseRoles(settings);
    expect(roles.find(({ role }) => role === "report")).toMatchObject({ databases: ["old_report"] });
    expect(roles.find(({ role }) => role === "clerk")).toMatchObject({
      uses: ["shop"],
      memberOf: ["shop-owner"],
      actsAs: "shop-owner",
    });
  });
});

it("without names everything is called what the stack calls it", () => {
  const request = {
    role: "kratos",
    databases: ["kratos"],
    connectionLimit: 1,
    memberOf: ["pg_monitor"],
    uses: ["apprun"],
  };
  expect(withNames([request], { external: undefined })).toEqual([
    { ...request, known: { role: "kratos", databases: ["kratos"] } },
  ]);
});

describe("names that cannot be", () => {
  const databases = "apprun, kratos, temporal, temporal_visibility";
  const roles = "apprun, kratos, monitoring, temporal";
  const shape =
    'a name of 1 to 50 letters, digits, underscores and hyphens such as "shop", with a letter or underscore first';
  it.each([
    [{ databases: { apprun: "shop db" } }, `databases.apprun: got "shop db"; allowed: ${shape}; change it`],
    [{ roles: { apprun: 'a"; DROP' } }, `roles.apprun: got "a\\"; DROP"; allowed: ${shape}; change it`],
    [
      { databases: { apprun: "d".repeat(51) } },
      `databases.apprun: got "${"d".repeat(51)}"; allowed: ${shape}; change it`,
    ],
    [{ databases: { apprun: 7 } }, `databases.apprun: got 7; allowed: ${shape}; change it`],
    [
      { databases: { kratoss: "identity" } },
      `databases.kratoss: got a name that the stack has not; allowed: ${databases}; did you mean "kratos"?`,
    ],
    [
      { roles: { temporal_visibility: "identity" } },
      `roles.temporal_visibility: got a name that the stack has not; allowed: ${roles}; remove it`,
    ],
    [
      { databases: { apprun: "kratos" } },
      'databases.apprun: got "kratos", which kratos has too; allowed: one of its own for each; name another',
    ],
    [
      { roles: { apprun: "keeper" } },
      'roles.apprun: got "keeper", which is adminUser; allowed: a role that only owns what is its own; name another role',
    ],
    [
      { databases: { apprun: "postgres" } },
      'databases.apprun: got "postgres"; allowed: a name that neither PostgreSQL nor a restore needs; name another',
    ],
    [
      { databases: { apprun: "shop__before" } },
      'databases.apprun: got "shop__before"; allowed: a name that neither PostgreSQL nor a restore needs; name another',
    ],
    [
      { roles: { apprun: "pg_monitor" } },
      'roles.apprun: got "pg_monitor"; allowed: a name that neither PostgreSQL nor a restore needs; name another',
    ],
  ])("%j is refused", (more, message) => {
    const values = { ...server(more), backup: { enabled: false } };
    expect(messageOf(values, "dev", SECRETS)).toEqual([`  apprun:postgres.external.${message}`]);
  });

  it("two services on one database are both named", () => {
    expect(messageOf(server({ databases: { apprun: "one", kratos: "one" } }), "dev", SECRETS)).toEqual([
      '  apprun:postgres.external.databases.apprun: got "one", which kratos has too; allowed: one of its own for each; name another',
      '  apprun:postgres.external.databases.kratos: got "one", which apprun has too; allowed: one of its own for each; name another',
    ]);
  });

  it("only a server of others has names of its own", () => {
    expect(
      messageOf({
        postgres: { mode: "container", external: { host: "db.example.com", databases: { apprun: "shop" } } },
      }),
    ).toEqual([expect.stringContaining("postgres.external: got a map; allowed: nothing with postgres.mode container")]);
  });
});
