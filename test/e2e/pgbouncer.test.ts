import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pgbouncerObservability } from "../../components/services/pgbouncer/observability.ts";
import { hasImages } from "../support/e2e/available.ts";
import { changedContainers, containers, docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { inContainer } from "../support/e2e/inside.ts";
import { expectShared, POOLED_APP, PooledApp } from "../support/e2e/pooled-app.ts";
import { expectData, MonitoringApi } from "../support/e2e/prometheus.ts";

const STACK = "pr-881";
const PORT = 10_881;
const OFF = { enabled: false };
/** More than the server takes, and than its role may hold. */
const CLIENTS = 150;
const POOL = 10;
/** A worker on the app's tables, by a role of its own. */
const worker = (pooled: boolean) => ({
  image: POOLED_APP.image,
  command: POOLED_APP.command,
  connectsTo: ["postgres"],
  variablesPreset: "apprun",
  database: { of: "app", connections: 20, pooled },
  resources: SMALL.app.resources,
});
const SETTINGS = {
  ...SMALL,
  images: {},
  app: { ...SMALL.app, ...POOLED_APP, replicas: 2, dbMaxConnections: CLIENTS },
  postgres: { ...SMALL.postgres, maxConnections: 140 },
  pgbouncer: { enabled: true, pool: POOL },
  services: { worker: worker(true) },
  exporters: { postgres: false, cache: false, host: false },
  temporal: OFF,
  grafana: OFF,
  alerting: OFF,
  backup: OFF,
};
/** What a stack without PgBouncer can have. */
const FEW = { app: { ...SETTINGS.app, dbMaxConnections: 20 } };
const rotation = { "postgres-provision-apprun": 2 };

const name = (service: string) => `apprun-${STACK}-${service}`;

describe.skipIf(!(await hasImages("pgbouncer", "pgbouncerExporter")))(
  "PgBouncer on a real Docker Engine (skipped without its images)",
  () => {
    const project = new TestProject(STACK, SETTINGS);
    const app = new PooledApp(inContainer(name("apprun-1")));
    const up = async (settings: Record<string, unknown>) => {
      const before = await containers(STACK);
      project.configure(settings);
      const { code, stderr, stdout } = await project.cli(["up"]);
      expect(code, stdout + stderr).toBe(0);
      await project.rememberSalt();
      return changedContainers(before, await containers(STACK)).map((each) => each.replace(name(""), ""));
    };
    const server = async (statement: string) =>
      (await docker("exec", name("postgres"), "psql", "-XAtq", "-U", "postgres", "-c", statement)).trim();

    beforeAll(() => wipe(STACK));
    afterAll(() => wipe(STACK));

    it("is what the plan asks for where the connections do not fit", async () => {
      project.configure({ ...SETTINGS, services: { worker: worker(false) }, pgbouncer: OFF });
      const { code, stderr } = await project.cli(["plan"]);
      expect(code).not.toBe(0);
      expect(stderr).toContain("allowed: 189 or more: apprun 150 (app.dbMaxConnections), kratos 16");
      expect(stderr).toContain(
        "lower apprun:app.dbMaxConnections or apprun:services.worker.database.connections, or switch apprun:pgbouncer.enabled on",
      );
    });

    it("comes up, and the app is told of it", async () => {
      await up(SETTINGS);
      expect((await app.sh("echo $DB_HOST:$DB_PORT $DB_MAX_CONNECTIONS")).trim()).toBe("pgbouncer:6432 75");
      expect(await app.sql("SELECT current_user")).toBe("apprun");
      const own = new PooledApp(inContainer(name("worker")));
      expect((await own.sh("echo $DB_HOST $DB_USER")).trim()).toBe("pgbouncer worker");
      // A role's own settings hold: what it makes is the app's.
      expect(await own.sql("SELECT session_user, current_user")).toBe("worker|apprun");
    });

    it("is not what a migration goes through, whose lock is gone with its session", async () => {
      expect(await app.sql("SELECT by FROM migrated")).toBe("postgres:5432");
      expect(await app.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")).toBe("0");
    });

    it("lets in the app's roles and nobody else", async () => {
      const as = (user: string, password: string) =>
        app.sh(`PGPASSWORD=${password} psql -h pgbouncer -p 6432 -U ${user} -d apprun -c "SELECT 1" 2>&1 || true`);
      for (const user of ["postgres", "kratos"]) expect(await as(user, "x"), user).toContain("authentication failed");
      const secrets = await docker(
        "inspect",
        "--format",
        "{{json .Config}}",
        name("pgbouncer"),
        name("pgbouncer-exporter"),
      );
      const password = (await app.sh("cat $DB_PASSWORD_FILE")).trim();
      expect(secrets).not.toContain(password);
      expect(await docker("exec", name("pgbouncer"), "cat", "/etc/pgbouncer/pgbouncer.ini")).not.toContain(password);
    });

    it("serves more clients than the server takes, with prepared statements of the protocol", async () => {
      await app.initialize();
      await expectShared(app, server, { clients: CLIENTS, most: POOL });
    });

    it("is scraped through its exporter, and every alert and panel has data", async () => {
      const api = new MonitoringApi(project, PORT, `${STACK}.localhost`);
      await expect
        .poll(async () => (await api.targets())["pgbouncer-exporter"], { timeout: 60_000, interval: 1000 })
        .toBe("up");
      const { dashboard, alerts = [] } = pgbouncerObservability();
      const panels = (dashboard?.panels ?? []).flatMap(({ queries }) => queries.map(({ expr }) => expr));
      // What an alert compares: its expression without the limit.
      const compared = alerts.flatMap(({ expr }) =>
        expr.startsWith("up{") ? [] : [expr.replace(/ (==|>) [\d.]+$/, "")],
      );
      expect([...panels, ...compared].length).toBeGreaterThan(10);
      await expectData((expr) => api.query(expr), [...panels, ...compared]);
      expect(await api.brokenRules()).toEqual([]);
    });

    it("is not changed by a second update", async () => {
      expect(await up(SETTINGS)).toEqual([]);
    });

    it("ends a transaction before it stops, and waits for no client that does nothing", async () => {
      const idle = docker("exec", name("apprun-2"), "sh", "-c", 'sleep 60 | psql "$(cat $DATABASE_URL_FILE)"').catch(
        String,
      );
      const running = app.sql("BEGIN; INSERT INTO rows VALUES ('whole'); SELECT pg_sleep(12); COMMIT");
      await expect
        .poll(
          () =>
            server("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(12)%' AND usename = 'apprun'"),
          { timeout: 9000 },
        )
        .toBe("1");
      const started = Date.now();
      await docker("stop", name("pgbouncer"));
      const took = Date.now() - started;
      await running;
      expect(took).toBeGreaterThan(1500);
      expect(took).toBeLessThan(25_000);
      expect((await docker("inspect", "--format", "{{.State.ExitCode}}", name("pgbouncer"))).trim()).toBe("0");
      expect(await docker("logs", "--tail", "20", name("pgbouncer"))).toContain("got SIGINT");
      await docker("start", name("pgbouncer"));
      await expect.poll(() => app.sql("SELECT what FROM rows").catch(String), { timeout: 20_000 }).toBe("whole");
      await docker("exec", name("apprun-2"), "pkill", "sleep").catch(() => undefined);
      await idle;
    });

    it("goes on with a new password of the app, and refuses the one before", async () => {
      const before = (await app.sh("cat $DB_PASSWORD_FILE")).trim();
      // A client that connects again and again, until its own container goes.
      const watched = docker(
        ...["exec", name("apprun-2"), "sh", "-c"],
        'while :; do psql "$(cat $DATABASE_URL_FILE)" -XAtqc "SELECT 1" 2>&1 | tail -1; sleep 0.2; done',
      ).catch((error: unknown) => (error as { readonly stdout: string }).stdout);
      const changed = await up({ ...SETTINGS, ...FEW, rotation });
      expect(changed).toEqual(["apprun-1", "apprun-2", "apprun-migrate", "pgbouncer", "postgres-provision"]);
      const seen = (await watched).trim().split("\n");
      const refused = seen.filter((line) => line !== "1");
      expect(seen.length).toBeGreaterThan(refused.length);
      // While PgBouncer is replaced, and until the app has its new password.
      for (const line of refused)
        expect(line).toMatch(/translate host name|accepting TCP|closed|shutting down|authentication failed/);
      expect(await app.sql("SELECT what FROM rows")).toBe("whole");
      const old = app.sh(`PGPASSWORD=${before} psql -h pgbouncer -p 6432 -U apprun -d apprun -c "SELECT 1"`);
      await expect(old).rejects.toThrow("authentication failed");
    });

    it("changes nothing but itself, its figures, the app and its role's limit when it goes and comes", async () => {
      const CHANGED = [
        ...["apprun-1", "apprun-2", "apprun-migrate", "pgbouncer", "pgbouncer-exporter"],
        ...["postgres-provision", "prometheus", "worker"],
      ];
      const without = { services: { worker: worker(false) }, pgbouncer: OFF };
      expect(await up({ ...SETTINGS, ...FEW, rotation, ...without })).toEqual(CHANGED);
      expect((await app.sh("echo $DB_HOST:$DB_PORT")).trim()).toBe("postgres:5432");
      expect(await app.sql("SELECT what FROM rows")).toBe("whole");
      expect(await up({ ...SETTINGS, ...FEW, rotation })).toEqual(CHANGED);
      expect(await app.sql("SELECT what FROM rows")).toBe("whole");
    });
  },
);
