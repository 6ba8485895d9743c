import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasClusterWith, kubectl, pods, SMALL_CLUSTER, wipeCluster } from "../support/e2e/cluster.ts";
import { SMALL, TestProject } from "../support/e2e/e2e.ts";
import { expectPsqlReadsAndWritesWhenAsked } from "../support/e2e/psql.ts";

const STACK = "pr-864";
const NAMESPACE = `apprun-${STACK}`;
const OFF = { enabled: false };
const SETTINGS = {
  ...SMALL_CLUSTER,
  app: { ...SMALL.app, replicas: 2, readyTimeout: "120s" },
  temporal: OFF,
  prometheus: OFF,
  grafana: OFF,
  alerting: OFF,
  backup: OFF,
};

describe.skipIf(!(await hasClusterWith("postgres", "apprun")))(
  "what operators do with a stack on a real cluster (skipped without one, or where no node has its images)",
  () => {
    const project = new TestProject(STACK, SETTINGS);

    beforeAll(async () => {
      await wipeCluster(NAMESPACE);
      const { code, stderr } = await project.cli(["up"]);
      expect(code, stderr).toBe(0);
      await project.rememberSalt();
    });
    afterAll(() => wipeCluster(NAMESPACE));

    it("logs has the lines of both replicas, and follows one through a restart", async () => {
      const [first = "", second = ""] = Object.keys(await pods(NAMESPACE, "app.kubernetes.io/name=apprun"));
      const { stdout } = await project.cli(["logs", "apprun"]);
      for (const pod of [first, second]) expect(stdout).toContain(`${pod} | `);
      const follower = project.start(["logs", "cache", "--follow", "--tail", "0"]);
      let lines = "";
      follower.stdout?.on("data", (chunk: Buffer) => (lines += chunk.toString()));
      await new Promise((resolve) => setTimeout(resolve, 5000));
      expect((await project.cli(["restart", "cache", "--confirm", STACK])).code).toBe(0);
      await expect.poll(() => lines, { timeout: 30_000 }).toContain("Ready to accept connections");
      follower.kill("SIGINT");
      expect(await once(follower, "close")).toEqual([0, null]);
    });

    it("exec has the command's output, its exit code and its user", async () => {
      const { code, stderr } = await project.cli(["exec", "apprun", "--", "sh", "-c", "id -u >&2; exit 7"]);
      expect(code).toBe(7);
      expect(stderr).toMatch(/^\d+\n$/);
    });

    it("psql reads as the database's owner, and writes only where that is asked for", async () => {
      await expectPsqlReadsAndWritesWhenAsked(project);
    });

    it("restart gives both replicas new pods, and the lock is gone afterwards", async () => {
      const before = await pods(NAMESPACE, "app.kubernetes.io/name=apprun");
      const { code, stderr } = await project.cli(["restart", "apprun"]);
      expect(code, stderr).toBe(0);
      const after = await pods(NAMESPACE, "app.kubernetes.io/name=apprun");
      expect(Object.keys(after)).toHaveLength(2);
      expect(Object.keys(after).filter((pod) => pod in before)).toEqual([]);
      const leases = await kubectl("--namespace", "default", "get", "leases", "--output", "name");
      expect(leases).not.toContain(STACK);
    });

    it("up ends soon when an image cannot be pulled, says so in its last line, and the next up heals it", async () => {
      project.configure({ ...SETTINGS, images: { pins: { ...SETTINGS.images.pins, apprun: { tag: "not-there" } } } });
      const begun = performance.now();
      const { code, stderr } = await project.cli(["up"]);
      expect(code).toBe(1);
      expect((performance.now() - begun) / 1000, stderr).toBeLessThan(90);
      expect(stderr.trimEnd().split("\n").at(-1)).toMatch(/^the update failed: apprun .*(pull|not-there)/);
      project.configure(SETTINGS);
      const healed = await project.cli(["up"]);
      expect(healed.code, healed.stderr).toBe(0);
    });
  },
);
