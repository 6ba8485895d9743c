import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DoctorFinding } from "../../cli/doctor/finding.ts";
import { SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { EngineProxy } from "../support/fakes/engine-proxy.ts";
import { containerFaults } from "../support/faults/containers.ts";
import { dataFaults } from "../support/faults/data.ts";
import { expectFound, type Faults } from "../support/faults/fault.ts";
import { hostFaults } from "../support/faults/host.ts";
import { settingsFaults } from "../support/faults/settings.ts";

const STACK = "pr-804";
const PORT = 10_804;
const SETTINGS = { ...SMALL, backup: { enabled: true } };
const project = new TestProject(STACK, SETTINGS);
const engine = new EngineProxy();

const FAULTS: Faults = {
  ...containerFaults(STACK),
  ...settingsFaults(STACK, PORT, SMALL.app),
  ...dataFaults(project),
  ...hostFaults(PORT),
};

/** How full this machine's own disk is, is no matter of these tests. */
const ROOMY = { DockerRootDir: "/dev/shm" };

async function doctor(settings: Record<string, unknown> = {}, env: NodeJS.ProcessEnv = {}) {
  project.configure({ ...SETTINGS, docker: { host: engine.host }, ...settings });
  const { code, stdout, stderr } = await project.cli(["doctor", "--json"], env);
  try {
    return { code, findings: (JSON.parse(stdout) as { findings: readonly DoctorFinding[] }).findings };
  } catch {
    throw new Error(stderr);
  }
}

describe("doctor", () => {
  beforeAll(async () => {
    await wipe(STACK);
    const { code, stderr } = await project.cli(["up"]);
    expect(code, stderr).toBe(0);
    await project.rememberSalt();
  });
  afterAll(async () => {
    engine.stop();
    project.configure(SETTINGS);
    await project.cli(["destroy", "--remove-data", "--confirm", STACK]);
    await wipe(STACK);
  });

  it("is quiet on a healthy stack", async () => {
    engine.changes = { "/info": ROOMY };
    expect(await doctor()).toEqual({ code: 0, findings: [] });
    expect((await project.cli(["doctor"])).stdout).toBe(`stack ${STACK}: nothing found\n`);
  });

  it.each(Object.entries(FAULTS))("finds %s, and nothing else", async (_, fault) => {
    engine.changes = { ...fault.answers, "/info": { ...ROOMY, ...fault.answers?.["/info"] } };
    await expectFound(fault, doctor);
  });

  it("is quiet again after all that", async () => {
    engine.changes = { "/info": ROOMY };
    expect(await doctor()).toEqual({ code: 0, findings: [] });
  });
});
