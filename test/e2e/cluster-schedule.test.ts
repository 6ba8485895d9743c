import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasCluster, kubectl } from "../support/e2e/cluster.ts";
import { TestProject } from "../support/e2e/e2e.ts";

const NAMESPACE = "apprun-pr-913";

describe.skipIf(!(await hasCluster()))("a schedule on a real cluster (skipped without one)", () => {
  const project = new TestProject("pr-913", {}, "pr-913", "test/e2e/programs/cluster-schedule.ts");
  const pulumi = async (...args: string[]) => {
    const { code, stdout, stderr } = await project.pulumi(args);
    expect(code, stdout + stderr).toBe(0);
    return stdout;
  };

  beforeAll(async () => {
    mkdirSync(join(project.directory, ".apprun", "state"), { recursive: true });
    writeFileSync(join(project.directory, ".apprun", "passphrase"), "a passphrase for a test\n");
    await pulumi("stack", "init");
    await pulumi("up", "--yes", "--skip-preview");
  });
  afterAll(() => pulumi("destroy", "--yes", "--skip-preview"));

  it("runs on time, with its files and as its user", async () => {
    const succeeded = () =>
      kubectl(
        "--namespace",
        NAMESPACE,
        "get",
        "jobs",
        "--output",
        "jsonpath={.items[?(@.status.succeeded==1)].metadata.name}",
      );
    await expect.poll(succeeded, { timeout: 150_000, interval: 2000 }).toMatch(/^tick-minutely-\d+/);
    const [job = ""] = (await succeeded()).split(" ");
    expect(await kubectl("--namespace", NAMESPACE, "logs", `job/${job}`)).toBe("ticked\n1000\n");
  });

  it("changes nothing in a second up, whatever ran meanwhile", async () => {
    expect(await pulumi("up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes")).toMatch(/\d+ unchanged/);
  });
});
