import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hasImage } from "../support/e2e/available.ts";
import { hasClusterWith, kubectl, LITTLE, pods, settled, SMALL_CLUSTER, wipeCluster } from "../support/e2e/cluster.ts";
import { docker, TestProject } from "../support/e2e/e2e.ts";
import { PrivateRegistry, REGISTRY_IMAGE } from "../support/e2e/private-registry.ts";
import { glibcNode, greeter, LONG, makeWorkerImage } from "../support/e2e/worker-image.ts";

const STACK = "pr-878";
const NAMESPACE = `apprun-${STACK}`;
const SOURCE = "apprun-e2e/cluster-temporal-worker:1.24.0";
const OFF = { enabled: false };
const registry = new PrivateRegistry("apprun-e2e-worker-registry", 18_878);
const IMAGE = registry.image("shop/worker", "1.24.0", { uid: 1000, gid: 1000 });
const settings = (greeting: string) => ({
  ...SMALL_CLUSTER,
  grafana: OFF,
  prometheus: OFF,
  alerting: OFF,
  backup: OFF,
  temporal: { namespace: "shop", ui: false, resources: LITTLE },
  registries: registry.setting("pull"),
  services: { greeter: greeter(IMAGE, greeting) },
});

const base = await glibcNode();
const ready = (await hasImage(REGISTRY_IMAGE)) && (await hasClusterWith("temporal", "temporalAdminTools"));

describe.skipIf(base === undefined || !ready)(
  "a worker of Temporal's SDK on a real cluster (skipped without one, without registry:3, or without an image of Node with glibc)",
  () => {
    const project = new TestProject(STACK, { ...settings("Hello"), registries: {}, services: {} });
    const inNamespace = (...args: string[]) => kubectl("--namespace", NAMESPACE, ...args);
    const client = async (...args: string[]) =>
      (await inNamespace("exec", "deployment/greeter", "--", "node", "/srv/worker/client.mjs", ...args)).trim();
    const up = async () => {
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      return stderr;
    };

    beforeAll(async () => {
      await wipeCluster(NAMESPACE);
      await makeWorkerImage(base!, SOURCE);
      await registry.start();
      await registry.push(SOURCE, IMAGE);
      expect((await project.cli(["preview"])).code).toBe(0); // makes the stack and its passphrase
      const path = ["--path", "apprun:secrets.pull"];
      expect((await project.pulumi(["config", "set", "--secret", ...path, registry.password])).code).toBe(0);
      await project.rememberSalt();
      project.configure(settings("Hello"));
    });
    afterAll(async () => {
      await wipeCluster(NAMESPACE);
      await registry.stop(IMAGE);
      await docker("rmi", SOURCE);
    });

    it("does the work of the stack's Temporal, in the namespace and queue that it is told", async () => {
      await up();
      await client("start", "first", "Ada", "0");
      expect(await client("result", "first")).toBe("Hello Ada, try 1");
    });

    it("is left alone by a second up", async () => {
      const before = await pods(NAMESPACE);
      expect(await up()).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
      expect(await pods(NAMESPACE)).toEqual(before);
    });

    it("ends what it has begun when a variable changes, and no other pod is another", async () => {
      const others = async () => Object.entries(await pods(NAMESPACE)).filter(([name]) => !name.startsWith("greeter-"));
      const before = await others();
      await client("start", "begun", "Grace", String(LONG));
      await vi.waitFor(async () => {
        expect(await inNamespace("logs", "deployment/greeter")).toContain("composing for Grace");
      }, 30_000);
      project.configure(settings("Good day"));
      await up();
      expect(await others()).toEqual(before);
      // The old worker's greeting, and no second try by the new one.
      expect(await client("result", "begun")).toBe("Hello Grace, try 1");
      // A worker that ends may still be given what its last poll asked for.
      await settled(NAMESPACE, "greeter");
      await client("start", "next", "Alan", "0");
      expect(await client("result", "next")).toBe("Good day Alan, try 1");
    });
  },
);
