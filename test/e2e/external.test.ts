import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { changedContainers, containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { hasPlugins } from "../support/e2e/available.ts";
import { Authority, hostAddress, startMinio, startPostgres, startValkey } from "../support/e2e/servers.ts";

const STACK = "pr-602";
const PORT = 10_602;
const [POOR, SERVER, CACHE, BUCKETS] = ["poor-postgres", "postgres", "valkey", "minio"].map(
  (name) => `apprun-e2e-external-${name}`,
) as [string, string, string, string];
const PASSWORD = "of-the-managed-server";
/** The app's were there before, under names of their own. */
const NAMES = { databases: { apprun: "Shop-DB" }, roles: { apprun: "shop-owner" } };
const OWNED = "Shop-DB:shop-owner kratos:kratos temporal:temporal temporal_visibility:temporal";

const plugin = await hasPlugins("postgresql");

describe("a stack on servers that somebody else runs", { timeout: 600_000 }, () => {
  const project = new TestProject(STACK, SMALL);
  let host = "";
  let authority: Authority;
  let stranger: Authority;

  const sql = async (server: string, statement: string, database = "postgres") =>
    (await docker("exec", server, "psql", "-U", "postgres", "-d", database, "-tAc", statement)).trim();
  const databases = (server: string) =>
    sql(
      server,
      "select string_agg(datname || ':' || pg_get_userbyid(datdba), ' ' order by datname) from pg_database where datname !~ '^(postgres|template)'",
    );
  const roles = (server: string) =>
    sql(server, "select string_agg(rolname, ' ' order by rolname) from pg_roles where rolname !~ '^(pg_|postgres$)'");
  const external = (ca: string, bucket = "apprun-storage", more: object = {}) => ({
    ...SMALL,
    postgres: {
      mode: "external",
      extensions: ["pg_trgm"],
      external: { host, port: 55_602, adminUser: "keeper", sslMode: "verify-full", ca, ...NAMES, ...more },
    },
    cache: { mode: "external", external: { host, port: 56_602, username: "apprun", ca: authority.certificate } },
    storage: { mode: "s3", s3: { endpoint: `https://${host}:59602`, bucket, ca: authority.certificate } },
  });

  beforeAll(async () => {
    await wipe(STACK);
    host = await hostAddress(SERVER);
    authority = new Authority(join(project.directory, "tls"), "authority");
    stranger = new Authority(join(project.directory, "tls"), "stranger");
    const tls = authority.certify(host);
    const common = { address: host, password: PASSWORD };
    await Promise.all([
      startPostgres({ ...common, name: POOR, port: 54_602, image: "postgres:18-alpine", parameters: [] }),
      startPostgres({
        ...common,
        name: SERVER,
        port: 55_602,
        image: "postgres:17-alpine",
        tls,
        parameters: ["max_connections=300"],
      }),
      startValkey({ ...common, name: CACHE, port: 56_602, tls }),
      startMinio({ ...common, name: BUCKETS, port: 59_602, bucket: "apprun-storage", tls }),
    ]);
    project.configure(SMALL);
    expect((await project.cli(["preview"])).code).toBe(0); // makes the stack and its passphrase
    await project.rememberSalt();
  });
  afterAll(async () => {
    await docker("rm", "-f", "-v", POOR, SERVER, CACHE, BUCKETS);
    await wipe(STACK);
  });

  it("asks for passwords and keys as secrets", async () => {
    project.configure(external(authority.certificate));
    const { code, stderr } = await project.cli(["up"]);
    expect(code).toBe(2);
    for (const key of ["postgresAdminPassword", "cachePassword", "storageAccessKeyId", "storageSecretAccessKey"])
      expect(stderr).toContain(`apprun:${key}: got nothing`);
    const secrets = {
      postgresAdminPassword: PASSWORD,
      cachePassword: PASSWORD,
      storageAccessKeyId: "apprun",
      storageSecretAccessKey: PASSWORD,
    };
    for (const [key, value] of Object.entries(secrets))
      expect((await project.pulumi(["config", "set", "--secret", `apprun:${key}`, value])).code).toBe(0);
    await project.rememberSalt();
  });

  it("lists at once everything that a server lacks, and makes nothing there", async () => {
    await sql(POOR, `CREATE ROLE keeper LOGIN PASSWORD '${PASSWORD}'`);
    await sql(POOR, "CREATE ROLE kratos");
    await sql(POOR, "COMMENT ON ROLE kratos IS 'apprun stack apprun/staging'");
    await sql(POOR, "CREATE DATABASE temporal");
    await docker("exec", POOR, "sh", "-c", "find / -name pg_trgm.control -exec rm {} \\; 2>/dev/null; true");
    const poor = { host, port: 54_602, adminUser: "keeper", sslMode: "disable", ...NAMES };
    project.configure({
      ...external(authority.certificate),
      postgres: { mode: "external", extensions: ["pg_trgm"], external: poor },
    });
    const { code, stderr } = await project.cli(["up"]);
    expect(code).toBe(1);
    for (const line of [
      `PostgreSQL at ${host}:54602, as role keeper with sslmode disable, is not what the stack needs; nothing was changed there:`,
      "version: got 18",
      "rights: role keeper lacks CREATEROLE; run as the server's owner: ALTER ROLE keeper CREATEROLE",
      "rights: role keeper lacks CREATEDB; run as the server's owner: ALTER ROLE keeper CREATEDB",
      "connections: got 97 for all roles; allowed: 186 or more (shop-owner 100 (app.dbMaxConnections), kratos 16, temporal 60, monitoring 10)",
      "role kratos: it belongs to apprun stack apprun/staging",
      "database temporal: it is there and belongs to postgres",
      "extension pg_trgm: the server does not have it",
      'database "Shop-DB": it is not there; allowed: one that is, because the settings name it',
    ])
      expect(stderr).toContain(line);
    expect(await databases(POOR)).toBe("temporal:postgres");
    expect(await roles(POOR)).toBe("keeper kratos");
  });

  it("refuses a server whose certificate another authority signed, a right that is missing, and a bucket that is not there", async () => {
    await sql(SERVER, `CREATE ROLE keeper LOGIN CREATEROLE CREATEDB PASSWORD '${PASSWORD}'`);
    project.configure(external(stranger.certificate, "nowhere"));
    const wrong = await project.cli(["up"]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("certificate verify failed");
    expect(wrong.stderr).toContain("with region us-east-1 does not let the app:");
    expect(wrong.stderr).toContain("write an object: HTTP status 404, NoSuchBucket");
    project.configure(external(authority.certificate));
    const { code, stderr } = await project.cli(["up"]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      "rights: role keeper may not give pg_monitor to monitoring; run as the server's owner: GRANT pg_monitor TO keeper WITH ADMIN OPTION",
    );
    expect(await databases(SERVER)).toBe("");
  });

  it("refuses a database whose tables are not the role's, and a role that is not the administrator's to manage", async () => {
    await sql(SERVER, "GRANT pg_monitor TO keeper WITH ADMIN OPTION");
    await sql(SERVER, 'CREATE ROLE "shop-owner" LOGIN; CREATE ROLE before');
    await sql(SERVER, 'CREATE DATABASE "Shop-DB" OWNER "shop-owner"');
    await sql(SERVER, "CREATE TABLE kept AS SELECT 7 AS n; ALTER TABLE kept OWNER TO before", "Shop-DB");
    const { code, stderr } = await project.cli(["up"]);
    expect(code).toBe(1);
    for (const line of [
      'role "shop-owner": it is there and role keeper does not administer it; run as the server\'s owner: GRANT "shop-owner" TO keeper WITH ADMIN OPTION',
      'database "Shop-DB": 1 of its tables, views and sequences belong to before; allowed: to "shop-owner", which changes them in migrations; run there as the server\'s owner: REASSIGN OWNED BY before TO "shop-owner"',
    ])
      expect(stderr).toContain(line);
    await sql(SERVER, 'GRANT "shop-owner" TO keeper WITH ADMIN OPTION');
    await sql(SERVER, 'REASSIGN OWNED BY before TO "shop-owner"', "Shop-DB");
  });

  it("comes up without a container or volume for them, over TLS, on databases and roles of its own", async () => {
    const { code, stderr, stdout } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    const names = Object.keys(await containers(STACK));
    expect(names.filter((name) => /-(postgres|cache)$/.test(name))).toEqual([]);
    expect(await docker("volume", "ls", "-q", "--filter", `label=io.apprun.stack=apprun/${STACK}`)).not.toMatch(
      /postgres|cache|apprun-storage/,
    );
    expect(await get(PORT, `${STACK}.localhost`, "/ready")).toMatchObject({
      status: 200,
      body: expect.stringMatching(/"database":"ok".*"redis":"ok"/) as string,
    });
    expect(await databases(SERVER)).toBe(OWNED);
    expect(await sql(SERVER, "select count(*) from pg_extension where extname = 'pg_trgm'", "Shop-DB")).toBe("1");
    expect(await sql(SERVER, "select n from kept", "Shop-DB")).toBe("7");
    // The server's own processes and this question come over the socket.
    const clear =
      "select string_agg(distinct usename, ' ') from pg_stat_ssl join pg_stat_activity using (pid) where not ssl and client_addr is not null";
    expect(await sql(SERVER, clear)).toBe("");
    const encrypted =
      "select string_agg(distinct usename, ' ') from pg_stat_ssl join pg_stat_activity using (pid) where ssl";
    expect((await sql(SERVER, encrypted)).split(" ")).toEqual(expect.arrayContaining(["kratos", "shop-owner"]));
    expect(stdout + stderr).toContain("the cache drops keys by noeviction, the stack asks for allkeys-lru");
    expect(stdout + stderr).toContain("keeps no versions, or does not say so");
    for (const output of [stdout, stderr]) expect(output).not.toContain(PASSWORD);
    expect(await docker("logs", SERVER)).not.toContain("PASSWORD '");
  });

  it("is watched as its own servers are", async () => {
    const metric = async (workload: string, port: number, name: string) => {
      const page = await docker(
        "exec",
        `apprun-${STACK}-prometheus`,
        "wget",
        "-qO-",
        `http://${workload}:${port}/metrics`,
      );
      return new RegExp(`^${name} (.*)$`, "m").exec(page)?.[1];
    };
    expect(await metric("postgres-exporter", 9187, "pg_up")).toBe("1");
    expect(await metric("cache-exporter", 9121, "redis_up")).toBe("1");
  });

  it("leaves nothing of its checks in bucket and cache, and changes nothing on the next run", async () => {
    expect((await docker("exec", BUCKETS, "ls", "-A", "/data/apprun-storage")).trim()).toBe("");
    const keys = await docker(
      "exec",
      "-e",
      `REDISCLI_AUTH=${PASSWORD}`,
      CACHE,
      "valkey-cli",
      "--tls",
      "--insecure",
      "--user",
      "apprun",
      "--no-auth-warning",
      "KEYS",
      "apprun:check:*",
    );
    expect(keys.trim()).toBe("");
    const before = await containers(STACK);
    expect(await project.cli(["up"])).toMatchObject({ code: 0 });
    expect(await containers(STACK)).toEqual(before);
  });

  it.skipIf(!plugin)(
    "hands roles and databases to the engine without a restart or a row lost, and leaves them at its end (skipped without the plugin postgresql)",
    async () => {
      const engine = (adopt: readonly string[]) =>
        external(authority.certificate, undefined, { provisioning: "engine", adopt });
      const before = await containers(STACK);
      project.configure(engine(["*"]));
      const taken = await project.cli(["up"]);
      expect(taken.code, taken.stderr).toBe(0);
      expect(changedContainers(before, await containers(STACK))).toEqual([`apprun-${STACK}-postgres-provision`]);
      expect(await databases(SERVER)).toBe(OWNED);
      expect(await sql(SERVER, "select n from kept", "Shop-DB")).toBe("7");
      project.configure(engine([]));
      const again = await project.cli(["up"]);
      expect(again.code, again.stderr).toBe(0);
      expect(again.stderr).toMatch(/Resources:\s+\d+ unchanged/);
      const gone = await project.cli(["destroy"]);
      expect(gone.stderr).toContain("databases and roles stay on the server");
      expect(await containers(STACK)).toEqual({});
      expect(await databases(SERVER)).toBe(OWNED);
      for (const { stdout, stderr } of [taken, again, gone]) expect(stdout + stderr).not.toContain(PASSWORD);
    },
  );
});
