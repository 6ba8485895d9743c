import { secret } from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../../cli/kit/record.ts";
import { secretMark } from "../../../components/model/secret-mark.ts";
import type { RecordedContainer } from "../../../components/platform/docker/container-args.ts";
import type { Stack } from "../../../components/stack/stack.ts";
import { CA_CERTIFICATE } from "../../support/fakes/certificate.ts";
import { fromDocker } from "../../support/record/parity.ts";
import { messageOf } from "../../support/record/settings.ts";
import { inputsOf, stackOf } from "../../support/record/stacks.ts";
import { cellsOfResources, cellsOfSql, rolesOfResources, rolesOfSql } from "../../support/record/server-description.ts";

const SECRETS = { postgresAdminPassword: secret(secretMark("postgresAdminPassword")) };
const clerk = {
  image: { repository: "example/clerk", tag: "1", uid: 1000, gid: 1000, probeCommand: ["true"] },
  connectsTo: ["postgres"],
  port: 8080,
};
const EVERYTHING = {
  grafana: { appDatabase: true },
  services: {
    clerk: { ...clerk, database: { of: "app" } },
    "own-books": { ...clerk, database: { extensions: ["citext"] } },
  },
};
const stack = (more: object, api = true) => ({
  ...EVERYTHING,
  postgres: {
    mode: "external",
    apiRoles: api,
    extensions: ["pg_trgm"],
    external: { host: "db.example.com", adminUser: "keeper", sslMode: "verify-full", ca: CA_CERTIFICATE, ...more },
  },
});
const ENGINE = { provisioning: "engine" };

describe("a server that the engine provisions", () => {
  let job: Recording<Stack>;
  let engine: Recording<Stack>;
  const ofServer = ({ resources }: Recording<Stack>) => resources.filter(({ type }) => type.startsWith("postgresql:"));
  const form = (recording: Recording<Stack>, name: string) =>
    fromDocker(inputsOf<RecordedContainer>(recording, "docker:index/container:Container", name), "apprun-dev-");
  const sqlOf = (recording: Recording<Stack>) =>
    form(recording, "postgres-provision").files["/etc/apprun/job.sql"] ?? "";

  beforeAll(async () => {
    job = await stackOf(stack({}), "dev", SECRETS);
    engine = await stackOf(stack(ENGINE), "dev", SECRETS);
  });

  it("has the privileges that the job gives, each of them", () => {
    const wanted = cellsOfSql(sqlOf(job));
    expect(wanted.length).toBeGreaterThan(40);
    expect(cellsOfResources(ofServer(engine))).toEqual(wanted);
  });

  it("has the roles that the job makes, with their limits, times and memberships", () => {
    const wanted = rolesOfSql(sqlOf(job));
    expect(Object.keys(wanted)).toEqual(
      expect.arrayContaining(["apprun", "clerk", "anon", "authenticator", "grafana", "monitoring"]),
    );
    expect(rolesOfResources(ofServer(engine), sqlOf(engine))).toEqual(wanted);
  });

  it("has the databases, which are protected and outlive the state, and their extensions", () => {
    const made = (recording: string, pattern: RegExp) =>
      [...recording.matchAll(pattern)].map(([, a, b]) => `${a} ${b}`).sort();
    const named = (type: string, ...keys: string[]) =>
      ofServer(engine)
        .filter((each) => each.type.endsWith(`:${type}`))
        .map(({ inputs }) => keys.map((key) => String(inputs[key])).join(" "))
        .sort();
    expect(named("Database", "name", "owner")).toEqual(
      made(sqlOf(job), /CREATE DATABASE "([\w-]+)" OWNER "([\w-]+)"/g),
    );
    expect(
      ofServer(engine)
        .filter(({ protect }) => protect)
        .map(({ type }) => type),
    ).toEqual(named("Database", "name").map(() => "postgresql:index/database:Database"));
    expect(named("Extension", "database", "name")).toEqual(["apprun pg_trgm", "own_books citext"]);
  });

  it("lets the administrator become the owner of each database before anything is granted there", () => {
    const types = ofServer(engine).map(({ type, inputs }) => [type.split(":").at(-1), inputs["grantRole"]] as const);
    const members = types.filter(([type]) => type === "GrantRole").map(([, role]) => role);
    expect(members).toEqual(["apprun", "kratos", "temporal", "own_books"]);
    const last = types.map(([type]) => type).lastIndexOf("GrantRole");
    expect(types.findIndex(([type]) => type === "Grant")).toBeGreaterThan(last);
  });

  it("gets passwords from the job alone, as hashes, after everything else", () => {
    const all = JSON.stringify(ofServer(engine));
    expect(all).not.toContain(secretMark("postgres-provision-apprun"));
    expect(all).not.toContain('"password":');
    const sql = sqlOf(engine);
    expect(sql.match(/^\\password .*/gm)).toEqual(sqlOf(job).match(/^\\password .*/gm));
    expect(sql).not.toMatch(/CREATE (ROLE|DATABASE|EXTENSION)|RESET ALL|DEFAULT PRIVILEGES/);
    expect(sql).toContain(`COMMENT ON ROLE "apprun" IS 'apprun stack apprun/dev';`);
    expect(sql).toContain(`ALTER ROLE "grafana" SET default_transaction_read_only = 'on';`);
    expect(sql).toContain(`ALTER ROLE "apprun" RESET default_transaction_read_only;`);
    expect(sql).toContain("NOLOGIN PASSWORD NULL");
  });

  it("gives the new databases of a restore what is granted on them", () => {
    const onDatabases = (sql: string) =>
      sql.split("\n").filter((line) => line.includes(" ON DATABASE ") && /^(GRANT|REVOKE)/.test(line));
    expect(onDatabases(sqlOf(engine)).sort()).toEqual(onDatabases(sqlOf(job)).sort());
  });

  it("is reached as the settings say, with the password as a secret", () => {
    const provider = engine.resources.find(({ type }) => type === "pulumi:providers:postgresql");
    expect(provider?.inputs).toMatchObject({ host: "db.example.com", username: "keeper", sslmode: "verify-full" });
    expect(provider?.inputs["sslrootcert"]).toMatch(/\/authorities\/[0-9a-f]{16}\.pem$/);
    expect(ofServer(engine).every((each) => each.provider !== "")).toBe(true);
  });

  it("leaves everything else as it is with the job", () => {
    const others = ({ resources }: Recording<Stack>) =>
      resources.filter(({ type }) => !type.includes("postgresql")).map(({ type, name }) => `${type} ${name}`);
    expect(others(engine)).toEqual(others(job));
  });

  it("makes the provider's resources for nobody else", async () => {
    for (const recording of [job, await stackOf(EVERYTHING)])
      expect(recording.resources.filter(({ type }) => type.includes("postgresql"))).toEqual([]);
  });

  it("keeps the names of its resources whatever the server calls things", async () => {
    const named = await stackOf(
      stack({ ...ENGINE, databases: { apprun: "shop" }, roles: { apprun: "owner" } }),
      "dev",
      SECRETS,
    );
    const names = (recording: Recording<Stack>) => ofServer(recording).map(({ type, name }) => `${type} ${name}`);
    expect(names(named)).toEqual(names(engine));
  });
});

describe("who provisions", () => {
  const known = "*, apprun, kratos, monitoring, temporal, temporal_visibility";
  const plain = (external: object) => ({
    backup: { enabled: false },
    postgres: { mode: "external", external: { host: "db.example.com", ...external } },
  });
  it.each([
    [plain({ provisioning: "provider" }), 'provisioning: got "provider"; allowed: one of "job", "engine"; change it'],
    [
      plain({ adopt: ["*"] }),
      'adopt: got ["*"]; allowed: nothing with provisioning job, which takes what is there; remove it or set postgres.external.provisioning to engine',
    ],
    [plain({ ...ENGINE, adopt: ["shop"] }), `adopt: got "shop"; allowed: ${known}; remove it`],
    [
      plain({ ...ENGINE, adopt: "all" }),
      'adopt: got "all"; allowed: a list of names of roles and databases such as ["apprun"], or ["*"]; change it',
    ],
  ])("%j is refused", (values, message) => {
    expect(messageOf(values, "dev", SECRETS)).toEqual([`  apprun:postgres.external.${message}`]);
  });

  it("for a server of the stack's own is the job", () => {
    const values = { postgres: { mode: "container", external: { host: "db.example.com", ...ENGINE } } };
    expect(messageOf(values)).toEqual([
      expect.stringContaining("postgres.external: got a map; allowed: nothing with postgres.mode container"),
    ]);
  });
});
