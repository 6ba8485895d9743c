import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRestic } from "../support/e2e/available.ts";
import { containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { killAt, until } from "../support/e2e/kill.ts";

// The data of a PR stack is not protected.
const STACK = "staging";
const PORT = 8200;
const HOST = `${STACK}.localhost`;
const name = (service: string) => `apprun-${STACK}-${service}`;
const BACKUP = await hasRestic();

/** The smallest stack with consumers of the database, on a PostgreSQL of one major, upgraded from another. */
function settings(major: number, upgradeFrom?: number) {
  return {
    ...SMALL,
    postgres: { ...SMALL.postgres, ...(upgradeFrom !== undefined && { upgradeFrom }) },
    images: { pins: { ...SMALL.images.pins, postgres: { tag: `${major}-alpine` } } },
    temporal: { enabled: false },
    grafana: { enabled: false },
    prometheus: { enabled: false },
    backup: { enabled: BACKUP },
  };
}
const project = new TestProject(STACK, settings(15));

const sql = async (statement: string, database = "apprun", container = "postgres") =>
  (
    await docker(
      "exec",
      name(container),
      "psql",
      "-XAtq",
      "-v",
      "ON_ERROR_STOP=1",
      "-U",
      "postgres",
      "-d",
      database,
      "-c",
      statement,
    )
  ).trim();
const volumes = async () =>
  (await docker("volume", "ls", "-q", "--filter", `label=io.apprun.stack=apprun/${STACK}`))
    .split("\n")
    .filter((volume) => volume.includes("-postgres-"));
const items = async () => (JSON.parse((await get(PORT, HOST, "/api/items")).body) as { count: number }).count;
const runs = async (container: string) =>
  (
    await docker("ps", "-q", "--filter", `name=^${name(container)}$`, "--filter", "status=running").catch(() => "")
  ).trim() !== "";

async function ok(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await project.cli(args);
  expect(code, stderr).toBe(0);
  return stdout + stderr;
}

const FILL = `
  CREATE ROLE analyst LOGIN PASSWORD 'analyst-password' CONNECTION LIMIT 3; CREATE ROLE readers; GRANT readers TO analyst;
  CREATE SCHEMA sales AUTHORIZATION apprun; CREATE SCHEMA "Odd Name";
  CREATE TABLE sales.big AS SELECT g AS id, md5(g::text) AS a, g::float8 / 7 AS f, timestamptz 'epoch' + g * interval '1 s' AS at FROM generate_series(1, 100000) g;
  ALTER TABLE sales.big ADD PRIMARY KEY (id); ALTER TABLE sales.big OWNER TO apprun;
  CREATE TABLE "Odd Name"."odd ""table""" (id serial PRIMARY KEY, content text);
  INSERT INTO "Odd Name"."odd ""table""" (content) VALUES ('CREATE ROLE postgres;'), (E'tab\\tline\\nend\\\\.'), (NULL), ('ünï');
  CREATE SEQUENCE sales.numbers INCREMENT 7; SELECT setval('sales.numbers', 4711);
  SELECT lo_from_bytea(90001, convert_to(repeat('large object ', 500000), 'UTF8')), lo_from_bytea(90002, '');
  CREATE EXTENSION IF NOT EXISTS pgcrypto; CREATE TABLE sales.hashes AS SELECT digest('x', 'sha256') AS hash;
  CREATE VIEW sales.total AS SELECT count(*) FROM sales.big; GRANT SELECT ON sales.big TO readers; GRANT USAGE ON SCHEMA sales TO readers;
  GRANT CONNECT ON DATABASE apprun TO readers; ALTER DATABASE apprun SET statement_timeout = '77s'`;

/** What was put in, read by other means than the upgrade's own comparison. */
async function fingerprint() {
  return {
    big: await sql("SELECT count(*) || ':' || md5(string_agg(md5(big::text), '' ORDER BY id)) FROM sales.big"),
    odd: await sql(`SELECT string_agg(t::text, '|' ORDER BY id) FROM "Odd Name"."odd ""table""" t`),
    sequences: await sql(
      `SELECT string_agg(schemaname || '.' || sequencename || '=' || coalesce(last_value, -1), ' ' ORDER BY schemaname COLLATE "C", sequencename COLLATE "C") FROM pg_sequences`,
    ),
    largeObjects: await sql(
      "SELECT string_agg(oid || ':' || md5(lo_get(oid)), ' ' ORDER BY oid) FROM pg_largeobject_metadata",
    ),
    extensions: await sql("SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension"),
    hash: await sql("SELECT md5(string_agg(hash::text, '')) FROM sales.hashes"),
    // The job that makes the stack's own roles gives each its password again, with another salt.
    roles: await sql(
      `SELECT string_agg(rolname || ':' || rolconnlimit || ':' || CASE rolname WHEN 'analyst' THEN md5(rolpassword) ELSE (rolpassword IS NOT NULL)::text END, ' ' ORDER BY rolname COLLATE "C")
         FROM pg_authid WHERE rolname !~ '^pg_'`,
    ),
    setting: await sql("SHOW statement_timeout"),
    identities: await sql("SELECT count(*) FROM networks", "kratos"),
    items: await items(),
  };
}

/** Tried as the role itself, over TCP with its password. */
const asAnalyst = (statement: string) =>
  docker(
    "exec",
    "-e",
    "PGPASSWORD=analyst-password",
    name("backup-client"),
    "psql",
    "-XAtq",
    "-h",
    "postgres",
    "-U",
    "analyst",
    "-d",
    "apprun",
    "-c",
    statement,
  );

describe("PostgreSQL's major version", () => {
  let data: Awaited<ReturnType<typeof fingerprint>>;

  beforeAll(async () => {
    await docker("rm", "-f", name("backup-client")).catch(() => "");
    await wipe(STACK);
    await ok(["up"]);
    await project.rememberSalt();
    await sql(FILL);
    expect((await get(PORT, HOST, "/api/items", { method: "POST", body: "kept" })).status).toBe(201);
    await docker(
      "run",
      "-d",
      "--name",
      name("backup-client"),
      "--network",
      name("data"),
      "--entrypoint",
      "sleep",
      "postgres:17-alpine",
      "infinity",
    );
    data = await fingerprint();
  });
  afterAll(async () => {
    await docker("rm", "-f", name("backup-client")).catch(() => "");
    await wipe(STACK);
  });

  it("does not change unless the settings ask for the upgrade", async () => {
    const before = await containers(STACK);
    project.configure(settings(17));
    for (const command of ["up", "preview"])
      expect(await project.cli([command])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(
          `stack ${STACK}: the settings ask for PostgreSQL 17 and the data is of 15; allowed: an upgrade that is asked for: the services cannot write while it runs, and the old volume stays; nothing was changed: set apprun:postgres.upgradeFrom to 15 and run: npm run up`,
        ) as string,
      });
    expect(await containers(STACK)).toEqual(before);
  });

  it("survives a kill of the job midway: the old server serves, and nothing is lost", async () => {
    project.configure(settings(17, 15));
    if (BACKUP) expect((await project.cli(["up", "--skip-backup"])).code).toBe(2);
    const job = name("postgres-upgrade");
    const end = project.cli(["up"]);
    await until(() => runs("postgres-upgrade"));
    await until(async () => (await docker("logs", job).catch(() => "")).includes("loading"));
    await docker("kill", "-s", "KILL", job);
    const { code, stderr } = await end;
    expect([code, stderr]).toEqual([1, expect.stringContaining("ended with exit code 137")]);
    if (BACKUP) expect(stderr).toContain("taking a backup before new versions of postgres");
    expect(await sql("SHOW server_version_num")).toMatch(/^15/);
    expect((await get(PORT, HOST, "/api/items", { method: "POST", body: "written to the old server" })).status).toBe(
      201,
    );
    data = { ...data, ...(await fingerprint()) };
  });

  it("survives a kill of the engine midway, and the next up takes 15 to 17 with everything in it", async () => {
    await killAt(project, ["up"], async () => {
      await until(() => runs("postgres-upgrade"));
      await until(async () => (await docker("logs", name("postgres-upgrade")).catch(() => "")).includes("loading"));
    });
    // The job goes on without the engine, and closes the old server to everybody, the backup among them.
    await until(async () => !(await runs("postgres-upgrade")));
    const output = await ok(["up"]);
    expect(output).toContain("was interrupted after it had closed the server");
    expect(output).toContain("upgrading PostgreSQL 15 to 17");
    console.log((await docker("logs", name("postgres-upgrade"))).trim());
    expect(await sql("SHOW server_version_num")).toMatch(/^17/);
    expect(await fingerprint()).toEqual(data);
    expect((await asAnalyst("SELECT count(*) FROM sales.big")).trim()).toBe("100000");
    await expect(asAnalyst("DELETE FROM sales.big")).rejects.toThrow(/permission denied/);
    expect((await get(PORT, HOST, "/api/items", { method: "POST", body: "written to the new server" })).status).toBe(
      201,
    );
    expect(await volumes()).toEqual([name("postgres-15"), name("postgres-17")]);
  });

  it("is changed once: a second up changes nothing", async () => {
    expect(await ok(["up"])).toMatch(/Resources:\s+\d+ unchanged/);
  });

  it("never goes down", async () => {
    const before = await containers(STACK);
    project.configure(settings(15));
    expect(await project.cli(["up"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "the settings ask for PostgreSQL 15 and the data is of 17; allowed: 17 or newer: no server reads or loads the data of a newer one",
      ) as string,
    });
    project.configure(settings(15, 17));
    expect((await project.cli(["up"])).stderr).toContain(
      "apprun:postgres.upgradeFrom: got 17; allowed: an older major version than the image's, 15",
    );
    expect(await containers(STACK)).toEqual(before);
    expect(await sql("SHOW server_version_num")).toMatch(/^17/);
  });

  it("leaves the old volume, which goes when the operator says so", async () => {
    project.configure(settings(17));
    expect(await project.cli(["up"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("npm run up -- --remove-old") as string,
    });
    expect((await project.cli(["up", "--remove-old"])).code).toBe(2);
    expect(await volumes()).toEqual([name("postgres-15"), name("postgres-17")]);
    expect(await ok(["up", "--remove-old", "--confirm", STACK])).toContain(`removed ${name("postgres-15")}`);
    expect(await volumes()).toEqual([name("postgres-17")]);
    expect(await items()).toBe(data.items + 1);
  });

  it("goes from 17 to 18, whose data is at another path", async () => {
    data = await fingerprint();
    project.configure(settings(18, 17));
    await ok(["up"]);
    expect(await sql("SHOW server_version_num")).toMatch(/^18/);
    expect(await sql("SHOW data_directory")).toBe("/var/lib/postgresql/pgdata");
    expect(await fingerprint()).toEqual(data);
    const anonymous = await docker("inspect", "--format", "{{range .Mounts}}{{.Name}} {{end}}", name("postgres"));
    expect(anonymous.trim()).toBe(name("postgres-18"));
    await docker("rm", "-f", name("postgres"));
    await ok(["up"]);
    expect(await fingerprint()).toEqual(data);
  });
});
