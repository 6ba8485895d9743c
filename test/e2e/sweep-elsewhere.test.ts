import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kubectl, SMALL_CLUSTER, hasCluster, wipeCluster } from "../support/e2e/cluster.ts";
import { docker, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { canStartEngine, SecondEngine } from "../support/e2e/second-engine.ts";

const ONLY_DATABASES = { temporal: { enabled: false }, grafana: { enabled: false }, prometheus: { enabled: false } };

/** What a Docker Engine has, by kind and name. */
async function contents(ask: (...args: string[]) => Promise<string>): Promise<readonly string[]> {
  const kinds = [
    ["ps", "--all", "--format", "container {{.Names}}"],
    ["volume", "ls", "--format", "volume {{.Name}}"],
    ["network", "ls", "--format", "network {{.Name}}"],
  ];
  const lists = await Promise.all(kinds.map((list) => ask(...list)));
  return lists.flatMap((list) => list.split("\n").filter((line) => line !== "")).sort();
}

describe.skipIf(!(await canStartEngine()))(
  "a stack of a pull request on another Docker Engine (skipped where dockerd cannot be started)",
  () => {
    const STACK = "pr-807";
    let engine: SecondEngine;
    let project: TestProject;
    let [before, here]: [readonly string[], readonly string[]] = [[], []];
    const there = () => contents((...args) => engine.docker(...args));
    const ofStack = (list: readonly string[]) => list.filter((line) => line.includes(`apprun-${STACK}-`));

    beforeAll(async () => {
      await wipe(STACK);
      engine = new SecondEngine();
      project = new TestProject(
        STACK,
        { ...SMALL, ...ONLY_DATABASES, docker: { host: engine.host } },
        "sweep-elsewhere",
      );
      const { startOrder } = JSON.parse((await project.cli(["plan", "--json"])).stdout) as {
        startOrder: { image: string }[];
      };
      await engine.ready([...new Set(startOrder.map(({ image }) => image))]);
      // What is there of others, one of whom has a name like the stack's.
      await engine.docker("volume", "create", "--label", "io.apprun.stack=apprun/pr-80", "apprun-pr-80-postgres-17");
      await engine.docker("network", "create", "--internal", "of-somebody");
      before = await there();
      // It may end before all is healthy: without the firewall's rules of its engine a container may not reach the next one.
      await project.cli(["up"]);
      // From now on the settings say: this machine's engine.
      rmSync(join(project.directory, `Pulumi.${STACK}.yaml`));
      here = await contents(docker);
    });
    afterAll(async () => {
      await engine.stop();
      await wipe(STACK);
    });

    it("runs there, and not here", async () => {
      expect(ofStack(await there()).length).toBeGreaterThan(8);
      expect(ofStack(here)).toEqual([]);
    });

    it("is swept with everything that it has there, and nothing else is touched", async () => {
      const { code, stdout, stderr } = await project.cliAnywhere(["ci", "sweep", "--open", ""]);
      expect([code, stdout], stderr).toEqual([0, "1 stacks removed\n"]);
      expect(await there()).toEqual(before);
      expect(ofStack(await contents(docker))).toEqual([]);
    });

    it("is closed where it is gone already", async () => {
      const { code, stdout } = await project.cli(["ci", "close"]);
      expect([code, stdout]).toEqual([0, `there is no stack ${STACK}\n`]);
    });
  },
);

describe.skipIf(!(await hasCluster()))("a stack of a pull request on Kubernetes (skipped without a cluster)", () => {
  const STACK = "pr-808";
  const NAMESPACE = `apprun-${STACK}`;
  const project = new TestProject(STACK, { ...SMALL_CLUSTER, ...ONLY_DATABASES }, "sweep-cluster");
  const namespaces = async () => (await kubectl("get", "namespaces", "--output", "name")).trim().split("\n").sort();
  const volumes = () => kubectl("get", "persistentvolumes", "--output", "jsonpath={.items[*].spec.claimRef.namespace}");
  let before: readonly string[] = [];

  beforeAll(async () => {
    await wipeCluster(NAMESPACE);
    before = await namespaces();
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    // From now on the settings say: Docker.
    rmSync(join(project.directory, `Pulumi.${STACK}.yaml`));
  });
  afterAll(() => wipeCluster(NAMESPACE));

  it("is closed with its namespace and its volumes, and nothing else is touched", async () => {
    expect(await volumes()).toContain(NAMESPACE);
    const { code, stdout, stderr } = await project.cli(["ci", "close"]);
    expect([code, stdout], stderr).toEqual([0, `stack ${STACK} is removed\n`]);
    expect(await namespaces()).toEqual(before);
    await expect.poll(volumes, { timeout: 60_000, interval: 2000 }).not.toContain(NAMESPACE);
  });
});
