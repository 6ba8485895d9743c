import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  hasClusterReferences,
  ingressAddress,
  kubectl,
  pods,
  SMALL_CLUSTER,
  wipeCluster,
} from "../support/e2e/cluster.ts";
import { get, SMALL, TestProject } from "../support/e2e/e2e.ts";
import { MINIFLUX, PUBLIC_APP, referenceOf } from "../support/e2e/own-apps.ts";

const STACK = "pr-862";
const NAMESPACE = `apprun-${STACK}`;
const OFF = { enabled: false };
const FEW = {
  ...SMALL_CLUSTER,
  // The pin of the catalogue's app is refused beside an app's own image.
  images: {},
  temporal: OFF,
  prometheus: OFF,
  grafana: OFF,
  alerting: OFF,
  backup: OFF,
};
const settingsOf = (app: object) => ({ ...FEW, app: { ...SMALL.app, ...app, readyTimeout: "120s" } });
const SETTINGS = settingsOf(PUBLIC_APP);
const inNamespace = (...args: string[]) => kubectl("--namespace", NAMESPACE, ...args);

describe.skipIf(!(await hasClusterReferences(referenceOf(PUBLIC_APP.image))))(
  "the public app on a real cluster (skipped without one, or where no node has its image)",
  () => {
    const project = new TestProject(STACK, SETTINGS);
    const up = async () => {
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      await project.rememberSalt();
    };
    beforeAll(() => wipeCluster(NAMESPACE));
    afterAll(() => wipeCluster(NAMESPACE));

    it("comes up and answers through the cluster's own ingress", async () => {
      await up();
      const address = await ingressAddress();
      expect(await get(80, `${STACK}.localhost`, "/health", { address })).toEqual({
        status: 200,
        body: '{"status":"ok","service":"apprun"}',
      });
    });

    it("has its password by reference, and the pod's specification has none", async () => {
      const specification = await inNamespace("get", "deployment", "apprun", "--output", "json");
      const password = (await inNamespace("exec", "deployment/apprun", "--", "printenv", "DATABASE_PASSWORD")).trim();
      expect(password).toHaveLength(32);
      expect(specification).not.toContain(password);
      expect(specification).toContain("secretKeyRef");
    });

    it("alone rolls for a further variable", async () => {
      const before = await pods(NAMESPACE);
      project.configure({ ...SETTINGS, app: { ...SETTINGS.app, env: { FEATURE_X: "on" } } });
      await up();
      const after = await pods(NAMESPACE);
      const kept = Object.keys(before).filter((name) => after[name] === before[name]);
      expect(Object.keys(before).filter((name) => !kept.includes(name))).toEqual([
        expect.stringMatching(/^apprun-/) as string,
      ]);
      expect((await inNamespace("exec", "deployment/apprun", "--", "printenv", "FEATURE_X")).trim()).toBe("on");
    });
  },
);

describe.skipIf(!(await hasClusterReferences(referenceOf(MINIFLUX.image))))(
  "Miniflux, which reads one URL, on a real cluster (skipped without one, or where no node has its image)",
  () => {
    const stack = "pr-863";
    const namespace = `apprun-${stack}`;
    const project = new TestProject(stack, settingsOf(MINIFLUX));
    beforeAll(() => wipeCluster(namespace));
    afterAll(() => wipeCluster(namespace));

    it("migrates its database and has its pages behind the cluster's ingress", async () => {
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      const address = await ingressAddress();
      expect(await get(80, `${stack}.localhost`, "/healthcheck", { address })).toEqual({ status: 200, body: "OK" });
      expect((await get(80, `${stack}.localhost`, "/", { address })).body).toContain("Miniflux");
    });

    it("is left alone by a second up", async () => {
      const before = await pods(namespace);
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      expect(await pods(namespace)).toEqual(before);
    });
  },
);
