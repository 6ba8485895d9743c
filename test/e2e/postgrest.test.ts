import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownConnections } from "../../components/services/postgrest/api-roles.ts";
import { hasImage } from "../support/e2e/available.ts";
import { makeStandIn, removeStandIn, STAND_IN } from "../support/e2e/data-api.ts";
import { containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { token } from "../support/e2e/realtime.ts";

const STACK = "pr-880";
const PORT = 10_880;
const OFF = { enabled: false };
const POOL = { pool: 4, replicas: 2 };
const API = { enabled: true, mode: "route", ...POOL };
const pins = (apprun: string) => ({ pins: { apprun: { tag: apprun }, postgrest: { tag: STAND_IN } } });
const SETTINGS = {
  ...SMALL,
  images: pins("1.0.0"),
  temporal: OFF,
  grafana: OFF,
  prometheus: OFF,
  backup: OFF,
  postgrest: API,
};

const name = (service: string) => `apprun-${STACK}-${service}`;
const HOST = `${STACK}.localhost`;

/** What a migration of the app does. */
const MIGRATION = `
  CREATE TABLE api.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner text NOT NULL, what text NOT NULL);
  ALTER TABLE api.orders ENABLE ROW LEVEL SECURITY;
  CREATE POLICY own ON api.orders TO authenticated
    USING (owner = current_setting('request.jwt.claims', true)::json ->> 'sub')
    WITH CHECK (owner = current_setting('request.jwt.claims', true)::json ->> 'sub');
  GRANT SELECT, INSERT, UPDATE, DELETE ON api.orders TO authenticated;`;

describe.skipIf(!(await hasImage("node:22-alpine")))(
  "the database as an API on a real Docker Engine, by a stand-in for PostgREST (skipped without node:22-alpine)",
  () => {
    const project = new TestProject(STACK, SETTINGS);
    let key = "";
    const up = async (settings: Record<string, unknown>) => {
      project.configure(settings);
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      await project.rememberSalt();
    };
    const sql = async (user: string, statement: string) =>
      (await docker("exec", name("postgres"), "psql", "-XAtq", "-U", user, "-d", "apprun", "-c", statement)).trim();
    const bearer = (sub: string, claims: object = {}) => ({
      Authorization: `Bearer ${token(key, { sub, role: "authenticated", ...claims })}`,
    });
    const ask = async (path: string, headers: Record<string, string> = {}, method = "GET", content?: object) => {
      const body = content === undefined ? {} : { body: JSON.stringify(content) };
      const answer = await get(PORT, HOST, path, { method, headers, ...body });
      return { status: answer.status, rows: JSON.parse(answer.body === "" ? "[]" : answer.body) as unknown };
    };

    beforeAll(async () => {
      await wipe(STACK);
      await makeStandIn();
    });
    afterAll(async () => {
      await wipe(STACK);
      await removeStandIn();
    });

    it("comes up before the app has made anything: its schema is there, and it is ready", async () => {
      await up(SETTINGS);
      key = (await docker("exec", name("apprun"), "sh", "-c", 'cat "$JWT_SECRET_FILE"')).trim();
      const url = await docker("exec", name("apprun"), "sh", "-c", 'echo "$POSTGREST_URL $POSTGREST_PUBLIC_URL"');
      expect(url.trim()).toBe(`http://postgrest:3000 http://${HOST}:${PORT}/data`);
      expect(await ask("/data/", bearer("ada"))).toMatchObject({
        status: 200,
        rows: { servers: [`http://${HOST}:${PORT}/data`] },
      });
    });

    it("answers from the schema that it has read until the next version of the app is there", async () => {
      await sql("apprun", MIGRATION);
      expect((await ask("/data/orders", bearer("ada"))).status).toBe(404);
      await up({ ...SETTINGS, images: pins("1.1.0") });
      await expect.poll(async () => (await ask("/data/orders", bearer("ada"))).status, { timeout: 10_000 }).toBe(200);
    });

    it("gives each of two people her own rows to make, read, change and remove", async () => {
      expect(await ask("/data/orders", bearer("ada"), "POST", { owner: "ada", what: "a loom" })).toMatchObject({
        status: 200,
        rows: [{ owner: "ada", what: "a loom" }],
      });
      await ask("/data/orders", bearer("grace"), "POST", { owner: "grace", what: "a moth" });
      expect(await ask("/data/orders", bearer("ada"))).toMatchObject({ rows: [{ what: "a loom" }] });
      expect(await ask("/data/orders?owner=eq.grace", bearer("ada"))).toMatchObject({ status: 200, rows: [] });
      expect((await ask("/data/orders", bearer("ada"), "POST", { owner: "grace", what: "x" })).status).toBe(403);
      expect((await ask("/data/orders?owner=eq.grace", bearer("ada"), "PATCH", { what: "x" })).rows).toEqual([]);
      expect(await ask("/data/orders", bearer("ada"), "PATCH", { what: "two looms" })).toMatchObject({
        rows: [{ what: "two looms" }],
      });
      await ask("/data/orders", bearer("ada"), "DELETE");
      expect(await sql("postgres", "SELECT what FROM api.orders")).toBe("a moth");
    });

    it("refuses whoever shows no token, another key, a role that it may not become, or what nobody granted", async () => {
      expect((await ask("/data/orders")).status).toBe(401);
      const other = { Authorization: `Bearer ${token("x".repeat(32), { sub: "eve", role: "authenticated" })}` };
      expect((await ask("/data/orders", other)).status).toBe(401);
      for (const role of ["apprun", "postgres", "kratos", "anon"])
        expect((await ask("/data/orders", bearer("eve", { role }))).status, role).toBe(403);
    });

    it("is at /data and below it and nowhere else, and its port of figures is nowhere", async () => {
      for (const path of ["/database", "/dataorders", "/orders"])
        expect((await get(PORT, HOST, path, { headers: bearer("ada") })).body, path).not.toContain("PGRST");
      for (const path of ["/data/metrics", "/data/ready", "/data/config", "/data/../metrics", "/data/%2e%2e/metrics"])
        expect((await get(PORT, HOST, path, { headers: bearer("ada") })).body, path).not.toContain("pgrst_schema");
      const routes = await docker("exec", name("proxy"), "sh", "-c", "cat /etc/traefik/routes/*");
      expect(routes).toContain(":3000");
      expect(routes).not.toContain(":3001");
    });

    it("keeps to the limit of its role while replicas are replaced under load", async () => {
      const limit = await sql("postgres", "SELECT rolconnlimit FROM pg_roles WHERE rolname = 'authenticator'");
      expect(Number(limit)).toBe(ownConnections(POOL));
      let [running, most] = [true, 0];
      const statuses = new Set<number>();
      const load = Array.from({ length: 16 }, async () => {
        while (running)
          await ask("/data/orders", bearer("ada")).then(
            ({ status }) => statuses.add(status),
            () => undefined,
          );
      });
      const watch = (async () => {
        while (running) {
          const count = await sql("postgres", "SELECT count(*) FROM pg_stat_activity WHERE usename = 'authenticator'");
          most = Math.max(most, Number(count));
        }
      })();
      try {
        await up({ ...SETTINGS, images: pins("1.1.0"), postgrest: { ...API, maxRows: 500 } });
      } finally {
        running = false;
        await Promise.all([...load, watch]);
      }
      expect(statuses).toContain(200);
      expect(most).toBeGreaterThan(POOL.pool);
      expect(most).toBeLessThanOrEqual(Number(limit));
      expect(await docker("logs", name("postgres"))).not.toContain("too many connections");
    });

    it("goes on with a new password, and doctor tells of a table that it shows to everybody", async () => {
      const settings = { ...SETTINGS, images: pins("1.1.0"), rotation: { "postgres-provision-authenticator": 2 } };
      await up(settings);
      expect(await ask("/data/orders", bearer("grace"))).toMatchObject({ rows: [{ what: "a moth" }] });
      await sql("apprun", "CREATE TABLE api.open (id int); GRANT SELECT ON api.open TO anon");
      const finding = "table api.open: the role anon reads all of its rows, because it has no row security";
      expect((await project.cli(["doctor"])).stdout).toContain(finding);
      await sql("apprun", "ALTER TABLE api.open ENABLE ROW LEVEL SECURITY");
      expect((await project.cli(["doctor"])).stdout).not.toContain(finding);
    });

    it("goes when it is switched off, and what it served stays", async () => {
      await up({ ...SETTINGS, images: pins("1.1.0"), postgrest: OFF });
      expect(Object.keys(await containers(STACK)).filter((each) => each.includes("postgrest"))).toEqual([]);
      expect(await sql("postgres", "SELECT what FROM api.orders")).toBe("a moth");
      expect(await sql("postgres", "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'authenticator'")).toBe("f");
    });
  },
);
