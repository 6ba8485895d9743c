import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DoctorFinding } from "../../cli/doctor/finding.ts";
import { hasCluster, wipeCluster } from "../support/e2e/cluster.ts";
import { SMALL, TestProject } from "../support/e2e/e2e.ts";
import { clusterFaults } from "../support/faults/cluster.ts";
import { expectFound } from "../support/faults/fault.ts";

const STACK = "pr-807";
const NAMESPACE = `apprun-${STACK}`;
const OFF = { enabled: false };
const SETTINGS = {
  ...SMALL,
  platform: "kubernetes",
  kratos: { resources: { requests: { cpu: "20m", memory: "64Mi" } } },
  // Debian's variant, as the other tests of a cluster have it.
  images: { pins: { ...SMALL.images.pins, postgres: { tag: "17" } } },
  // Whether the way in of this cluster shows addresses is no matter of these tests.
  limits: { clients: "together" },
  temporal: OFF,
  grafana: OFF,
  prometheus: OFF,
};

describe.skipIf(!(await hasCluster()))("doctor on a real cluster (skipped without one)", () => {
  const project = new TestProject(STACK, SETTINGS);
  const up = async () => {
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
  };
  const doctor = async (settings: Record<string, unknown> = {}, env: NodeJS.ProcessEnv = {}) => {
    project.configure({ ...SETTINGS, ...settings });
    const { code, stdout, stderr } = await project.cli(["doctor", "--json"], env);
    expect(stdout, stderr).toMatch(/^\{/);
    return { code, findings: (JSON.parse(stdout) as { findings: readonly DoctorFinding[] }).findings };
  };

  beforeAll(async () => {
    await wipeCluster(NAMESPACE);
    await up();
    await project.rememberSalt();
  });
  afterAll(() => wipeCluster(NAMESPACE));

  it("is quiet on a healthy stack", async () => {
    expect(await doctor()).toEqual({ code: 0, findings: [] });
  });

  it.each(Object.entries(clusterFaults(NAMESPACE, SMALL)))("finds %s, and nothing else", (_, fault) =>
    expectFound(fault, doctor),
  );

  it("is quiet again once up did what it says", async () => {
    project.configure(SETTINGS);
    await up();
    expect(await doctor()).toEqual({ code: 0, findings: [] });
  });
});
