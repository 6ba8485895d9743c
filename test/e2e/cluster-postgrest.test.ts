import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  hasClusterReferences,
  ingressAddress,
  kubectl,
  LITTLE,
  pods,
  psqlIn,
  SMALL_CLUSTER,
  wipeCluster,
} from "../support/e2e/cluster.ts";
import {
  askAt,
  bearerOf,
  expectOwnRows,
  expectRefusals,
  MIGRATION,
  type Ask,
  type Bearer,
} from "../support/e2e/data-api.ts";
import { STAND_IN_IMAGE, STAND_IN } from "../support/e2e/data-api-image.ts";
import { SMALL, TestProject } from "../support/e2e/e2e.ts";

const STACK = "pr-725";
const NAMESPACE = `apprun-${STACK}`;
const HOST = `${STACK}.localhost`;
const OFF = { enabled: false };
const SETTINGS = {
  ...SMALL_CLUSTER,
  images: { pins: { ...SMALL_CLUSTER.images.pins, postgrest: { tag: STAND_IN } } },
  app: { ...SMALL.app, readyTimeout: "60s" },
  temporal: OFF,
  prometheus: OFF,
  grafana: OFF,
  alerting: OFF,
  backup: OFF,
  postgrest: { enabled: true, mode: "route", pool: 4, replicas: 2, resources: LITTLE },
};

describe.skipIf(!(await hasClusterReferences(STAND_IN_IMAGE)))(
  "the database as an API on a real cluster, by a stand-in for PostgREST (skipped where no node has the stand-in)",
  () => {
    const project = new TestProject(STACK, SETTINGS);
    let ask: Ask;
    let key = "";
    const bearer: Bearer = (sub, claims) => bearerOf(key, sub, claims);
    const up = async (settings: Record<string, unknown>) => {
      project.configure(settings);
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      await project.rememberSalt();
    };
    const sql = async (statement: string) => (await psqlIn(NAMESPACE, statement, "apprun")).trim();
    const own = async () => Object.keys(await pods(NAMESPACE, "app.kubernetes.io/name=postgrest"));

    beforeAll(async () => {
      await wipeCluster(NAMESPACE);
      ask = askAt({ port: 80, host: HOST, address: await ingressAddress() });
    });
    afterAll(() => wipeCluster(NAMESPACE));

    it("comes up with two replicas, and has the app's tables after its schema is read again", async () => {
      await up(SETTINGS);
      const inApp = ["--namespace", NAMESPACE, "exec", "deployment/apprun", "--", "sh", "-c", 'cat "$JWT_SECRET_FILE"'];
      key = (await kubectl(...inApp)).trim();
      expect(await own()).toHaveLength(2);
      await sql(`SET ROLE apprun; ${MIGRATION} NOTIFY pgrst, 'reload schema'`);
      await expect.poll(async () => (await ask("/data/orders", bearer("ada"))).status, { timeout: 30_000 }).toBe(200);
    });

    it("gives each of two people her own rows to make, read, change and remove", () => expectOwnRows(ask, bearer, sql));

    it("refuses whoever shows no token, another key, a role that it may not become, or what nobody granted", () =>
      expectRefusals(ask, bearer));

    it("answers while its pods are replaced for another setting and a new password", async () => {
      const before = await own();
      let running = true as boolean;
      const statuses = new Map<number, number>();
      const load = (async () => {
        while (running) {
          const status = await ask("/data/orders", bearer("grace")).then(
            (answer) => answer.status,
            () => 0,
          );
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      })();
      await up({ ...SETTINGS, rotation: { "postgres-provision-authenticator": 2 } });
      running = false;
      await load;
      console.log(`while the password changed: ${JSON.stringify([...statuses])}`);
      expect((await own()).filter((pod) => before.includes(pod))).toEqual([]);
      expect(await ask("/data/orders", bearer("grace"))).toMatchObject({ rows: [{ what: "a moth" }] });
    });

    it("goes when it is switched off, and what it served stays", async () => {
      await up({ ...SETTINGS, postgrest: OFF });
      expect(await own()).toEqual([]);
      expect(await sql("SELECT what FROM api.orders")).toBe("a moth");
    });
  },
);
