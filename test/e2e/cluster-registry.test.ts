import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasImage } from "../support/e2e/available.ts";
import { hasClusterReferences, kubectl, pods, SMALL_CLUSTER, wipeCluster } from "../support/e2e/cluster.ts";
import { SMALL, TestProject } from "../support/e2e/e2e.ts";
import { PrivateRegistry, REGISTRY_IMAGE } from "../support/e2e/private-registry.ts";

const STACK = "pr-876";
const NAMESPACE = `apprun-${STACK}`;
const OFF = { enabled: false };
const SOURCE = "websoft9/apprun:1.0.0";
const registry = new PrivateRegistry("apprun-e2e-cluster-registry", 18_876);
// A node keeps what it pulled once, and needs no password for that.
const IMAGE = registry.image("shop/api", `1.4.${Date.now()}`);
const SETTINGS = {
  ...SMALL_CLUSTER,
  // The pin of the catalogue's app is refused beside an app's own image.
  images: { pins: { postgres: SMALL_CLUSTER.images.pins.postgres } },
  app: { ...SMALL.app, image: IMAGE },
  registries: registry.setting("pull"),
  temporal: OFF,
  prometheus: OFF,
  grafana: OFF,
  alerting: OFF,
  backup: OFF,
};

const ready = (await hasImage(REGISTRY_IMAGE)) && (await hasImage(SOURCE)) && (await hasClusterReferences());

describe.skipIf(!ready)(
  "an image of your own in a registry with a password, on a real cluster (skipped without one, or without registry:3; its nodes must reach this machine's loopback)",
  () => {
    const project = new TestProject(STACK, SETTINGS);
    const give = async (password: string) => {
      const set = await project.pulumi(["config", "set", "--secret", "--path", "apprun:secrets.pull", password]);
      expect(set.code, set.stderr).toBe(0);
      await project.rememberSalt();
    };
    const exists = () =>
      kubectl("get", "namespace", NAMESPACE, "--ignore-not-found", "--output", "name").then((text) => text.trim());

    beforeAll(async () => {
      await wipeCluster(NAMESPACE);
      await registry.start();
      await registry.push(SOURCE, IMAGE);
      project.configure({ ...SMALL_CLUSTER, app: SMALL.app });
      expect((await project.cli(["preview"])).code).toBe(0); // makes the stack and its passphrase
      await project.rememberSalt();
      project.configure(SETTINGS);
    });
    afterAll(async () => {
      await wipeCluster(NAMESPACE);
      await registry.stop(IMAGE);
    });

    it("is refused before any change with a wrong password, which is printed nowhere", async () => {
      await give("wrong-horse-battery");
      const { code, stderr } = await project.cli(["up"]);
      expect(code).toBe(1);
      expect(stderr).toContain("nothing was changed");
      expect(stderr).toContain(`refuses ${registry.user}, the login of apprun:registries.${registry.host}`);
      expect(stderr).not.toContain("wrong-horse-battery");
      expect(await exists()).toBe("");
    });

    it("is refused before any change under a tag that is not there", async () => {
      await give(registry.password);
      project.configure({ ...SETTINGS, app: { ...SETTINGS.app, image: { ...IMAGE, tag: "9.9.9" } } });
      const { code, stderr } = await project.cli(["up"]);
      expect([code, stderr]).toEqual([1, expect.stringContaining(`${registry.host} has no such tag or digest`)]);
      expect(await exists()).toBe("");
      project.configure(SETTINGS);
    });

    it("is pulled by the node with the right password, and runs", async () => {
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      const inNamespace = (...args: string[]) => kubectl("--namespace", NAMESPACE, ...args);
      const path = "{.items[0].status.containerStatuses[0]['image','ready']}";
      const selector = "app.kubernetes.io/name=apprun";
      const reference = `${registry.host}/${IMAGE.repository}:${IMAGE.tag}`;
      expect(await inNamespace("get", "pods", "--selector", selector, "--output", `jsonpath=${path}`)).toBe(
        `${reference} true`,
      );
      expect(await inNamespace("get", "events", "--field-selector", "reason=Pulled")).toContain(reference);
      expect(project.output).not.toContain(registry.password);
    });

    it("is left alone by a second up", async () => {
      const before = await pods(NAMESPACE);
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      expect(stderr).not.toMatch(/\d+ (updated|created|replaced|deleted)/);
      expect(await pods(NAMESPACE)).toEqual(before);
    });
  },
);
