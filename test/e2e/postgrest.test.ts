import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownConnections } from "../../components/services/postgrest/api-roles.ts";
import { hasImage } from "../support/e2e/available.ts";
import { askAt, bearerOf, expectOwnRows, expectRefusals, MIGRATION, type Bearer } from "../support/e2e/data-api.ts";
import { makeStandIn, removeStandIn, STAND_IN } from "../support/e2e/data-api-image.ts";
import { containers, docker, get, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";

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
    const bearer: Bearer = (sub, claims) => bearerOf(key, sub, claims);
    const ask = askAt({ port: PORT, host: HOST });

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

    it("gives each of two people her own rows to make, read, change and remove", () =>
      expectOwnRows(ask, bearer, (statement) => sql("postgres", statement)));

    it("refuses whoever shows no token, another key, a role that it may not become, or what nobody granted", () =>
      expectRefusals(ask, bearer));

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
