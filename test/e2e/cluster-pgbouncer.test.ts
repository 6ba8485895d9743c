import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  hasClusterReferences,
  hasClusterWith,
  kubectl,
  LITTLE,
  pods,
  psqlIn,
  settled,
  SMALL_CLUSTER,
  wipeCluster,
} from "../support/e2e/cluster.ts";
import { SMALL, TestProject } from "../support/e2e/e2e.ts";
import { inPod } from "../support/e2e/inside.ts";
import { referenceOf } from "../support/e2e/own-apps.ts";
import { CUT_OFF, STAYING_CLIENTS, writingClients } from "../support/e2e/pool-clients.ts";
import { expectShared, POOLED_APP, PooledApp } from "../support/e2e/pooled-app.ts";
import { poolFigures } from "../support/e2e/pooler-console.ts";
import { connections } from "../support/e2e/probe-pods.ts";
import { queryIn } from "../support/e2e/prometheus.ts";
import { OPTIONAL_ARROWS } from "../support/record/arrows.ts";

const STACK = "pr-728";
const NAMESPACE = `apprun-${STACK}`;
const OFF = { enabled: false };
/** More than the role may hold at the server. */
const CLIENTS = 150;
const POOL = 10;
const REPLICAS = 2;
const SETTINGS = {
  ...SMALL_CLUSTER,
  images: { pins: { postgres: { tag: "17" } } },
  app: {
    ...SMALL.app,
    ...POOLED_APP,
    replicas: 2,
    dbMaxConnections: CLIENTS,
    readyTimeout: "60s",
    // Room for the clients of the tests, of which each is four processes.
    resources: { ...LITTLE, limits: { memory: "256Mi" } },
  },
  pgbouncer: { enabled: true, pool: POOL, replicas: REPLICAS },
  prometheus: { ...SMALL.prometheus, resources: LITTLE },
  exporters: { postgres: false, cache: false, kubernetes: false },
  temporal: OFF,
  grafana: OFF,
  alerting: OFF,
  backup: OFF,
};
/** What a stack without PgBouncer can have. */
const FEW = { app: { ...SETTINGS.app, dbMaxConnections: 20 } };
const ROTATION = { rotation: { "postgres-provision-apprun": 2 } };

const server = async (statement: string) => (await psqlIn(NAMESPACE, statement)).trim();
const poolers = async () => Object.keys(await pods(NAMESPACE, "app.kubernetes.io/name=pgbouncer")).sort();
const figures = (pod: string) => poolFigures(inPod(NAMESPACE, pod), "apprun");

describe.skipIf(
  !(await hasClusterWith("pgbouncer", "pgbouncerExporter")) ||
    !(await hasClusterReferences(referenceOf(POOLED_APP.image))),
)("PgBouncer on a real cluster (skipped without one, or where no node has its images)", () => {
  const project = new TestProject(STACK, SETTINGS);
  const app = new PooledApp(inPod(NAMESPACE, "deployment/apprun"));
  const up = async (settings: Record<string, unknown>) => {
    project.configure(settings);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
    return stderr;
  };
  const toldOf = async () => (await app.sh("echo $DB_HOST:$DB_PORT")).trim();

  beforeAll(() => wipeCluster(NAMESPACE));
  afterAll(() => wipeCluster(NAMESPACE));

  it("comes up with two replicas, and the app's queries go through them", async () => {
    await up(SETTINGS);
    expect(await toldOf()).toBe("pgbouncer:6432");
    const names = await poolers();
    expect(names).toHaveLength(REPLICAS);
    const done = async () => (await Promise.all(names.map(figures))).reduce((sum, each) => sum + each.transactions, 0);
    const before = await done();
    for (let query = 0; query < 5; query += 1) expect(await app.sql("SELECT current_user")).toBe("apprun");
    expect((await done()) - before).toBeGreaterThanOrEqual(5);
    const addresses = await kubectl(
      ...["--namespace", NAMESPACE, "get", "pods", "--selector", "app.kubernetes.io/name=pgbouncer"],
      ...["--output", "jsonpath={.items[*].status.podIP}"],
    );
    const seen = await server("SELECT DISTINCT host(client_addr) FROM pg_stat_activity WHERE usename = 'apprun'");
    expect(seen).not.toBe("");
    expect(addresses.split(" ")).toEqual(expect.arrayContaining(seen.split("\n")));
  });

  it("is left alone by a second up", async () => {
    const before = await pods(NAMESPACE);
    expect(await up(SETTINGS)).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
    expect(await pods(NAMESPACE)).toEqual(before);
  });

  it("is not what a migration goes through, whose lock is gone with its session", async () => {
    expect(await app.sql("SELECT by FROM migrated")).toBe("postgres:5432");
    expect(await app.sql("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")).toBe("0");
  });

  it("takes connections of those pods alone that the model names, and one of its replicas is scraped", async () => {
    const { open } = await connections(project, NAMESPACE);
    const expected = OPTIONAL_ARROWS.filter((arrow) => arrow.includes("pgbouncer"));
    expect(open.filter((arrow) => arrow.includes("pgbouncer"))).toEqual([...expected].sort());
    const isUp = async () => (await queryIn(NAMESPACE, "pgbouncer_up"))[0]?.value[1];
    await expect.poll(isUp, { timeout: 60_000, interval: 1000 }).toBe("1");
  });

  it("serves more clients than the role may hold, over few connections of each replica", async () => {
    await app.initialize();
    const names = await poolers();
    const before = await Promise.all(names.map(figures));
    await expectShared(app, server, { clients: CLIENTS, most: REPLICAS * POOL });
    for (const [index, { transactions, servers }] of (await Promise.all(names.map(figures))).entries()) {
      expect(transactions).toBeGreaterThan((before[index]?.transactions ?? 0) + 100);
      expect(servers).toBeLessThanOrEqual(POOL);
    }
  });

  it("cuts off the clients of a replica that is deleted, and neither others nor new ones, and no row is lost", async () => {
    const [pod = "", other = ""] = await poolers();
    const connected = async () => (await figures(pod)).clients + (await figures(other)).clients;
    const deleteOne = async () => {
      await expect.poll(connected, { timeout: 20_000, interval: 1000 }).toBeGreaterThanOrEqual(STAYING_CLIENTS);
      const { clients } = await figures(pod);
      const started = Date.now();
      await kubectl("--namespace", NAMESPACE, "delete", "pod", pod);
      return { clients, seconds: (Date.now() - started) / 1000 };
    };
    const [end, { clients, seconds }] = await Promise.all([writingClients(app), deleteOne()]);
    const { cutOff, failedToCome, missing, acknowledged, told } = end;
    console.log(
      `${cutOff} of ${STAYING_CLIENTS} clients cut off, ${failedToCome} of ${acknowledged.come} new ones; ${seconds} s`,
    );
    expect(missing).toEqual([]);
    expect(cutOff).toBeGreaterThan(0);
    expect(cutOff).toBeLessThanOrEqual(clients);
    expect(failedToCome).toBe(0);
    // A client that sends at that moment is told less than one that waits.
    expect(CUT_OFF).toEqual(expect.arrayContaining([...told]));
    // It drains for 5 s, and does not wait for clients to leave.
    expect(seconds).toBeLessThan(25);
  });

  it("goes on with a new password of the app, and refuses the one before", async () => {
    const before = (await app.sh("cat $DB_PASSWORD_FILE")).trim();
    await up({ ...SETTINGS, ...FEW, ...ROTATION });
    await settled(NAMESPACE, "apprun", 2);
    expect(await toldOf()).toBe("pgbouncer:6432");
    expect(await app.sql("SELECT count(*) > 0 FROM rows")).toBe("t");
    expect((await app.sh("cat $DB_PASSWORD_FILE")).trim()).not.toBe(before);
    const old = app.sh(`PGPASSWORD=${before} psql -h pgbouncer -p 6432 -U apprun -d apprun -c "SELECT 1"`);
    await expect(old).rejects.toThrow("authentication failed");
  });

  it("is gone when it is switched off, and the app connects to the server", async () => {
    await up({ ...SETTINGS, ...FEW, ...ROTATION, pgbouncer: OFF });
    await settled(NAMESPACE, "apprun", 2);
    expect(await toldOf()).toBe("postgres:5432");
    expect(await app.sql("SELECT count(*) > 0 FROM rows")).toBe("t");
    expect(await poolers()).toEqual([]);
  });
});
