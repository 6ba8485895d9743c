import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { hasCluster, kubectl, kubectlBoth } from "../support/e2e/cluster.ts";
import { cli } from "../support/run/cli.ts";
import { SMALL, TestProject } from "../support/e2e/e2e.ts";

/** A kubeconfig that leads to a port on which nobody listens. */
const NOWHERE = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "gone",
  contexts: [{ name: "gone", context: { cluster: "gone", user: "gone" } }],
  clusters: [{ name: "gone", cluster: { server: "https://127.0.0.1:64999" } }],
  users: [{ name: "gone", user: { token: "none" } }],
});

describe.skipIf(!(await hasCluster()))("the stack prod of this repository (skipped without a cluster)", () => {
  const out = mkdtempSync(join(tmpdir(), "prod-"));
  const namespace = "apprun-prod";
  afterAll(() => kubectl("delete", "namespace", namespace, "--ignore-not-found", "--timeout=60s"));

  it("has no object that the API server would refuse, checked strictly and under the restricted standard", async () => {
    expect((await cli(["render", "--stack", "prod", "--out", out, "--generate-secrets"])).code).toBe(0);
    const files = readdirSync(out).filter((file) => file.endsWith(".yaml"));
    // What is in a namespace can only be tried in one that is there; this one has the same Pod Security labels.
    await kubectl("apply", "--filename", join(out, files.find((file) => file.includes("-namespace-")) ?? ""));
    const dryRun = ["--dry-run=server", "--validate=strict", "--filename", out, "--filename", join(out, "secrets")];
    const answers = (await kubectlBoth("apply", ...dryRun)).split("\n").filter((line) => line !== "");
    expect(answers.filter((line) => !/ (created|configured|unchanged) \(server dry run\)$/.test(line))).toEqual([]);
    expect(answers).toHaveLength(files.length + readdirSync(join(out, "secrets")).length);
  });

  it("is previewed without a cluster, and the preview says what it could not check", async () => {
    const project = new TestProject("pr-912", { ...SMALL, platform: "kubernetes" });
    const kubeconfig = join(out, "nowhere.kubeconfig");
    writeFileSync(kubeconfig, NOWHERE);
    const { code, stderr } = await project.cli(["preview"], { KUBECONFIG: kubeconfig });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("kubernetes:apps/v1:Deployment");
    expect(stderr).toMatch(/missing a Kubernetes cluster at https:\/\/127\.0\.0\.1:6/);
    expect(stderr).toContain("not checked: what really runs, and whether the cluster would take the objects");
    const refused = await project.cli(["up"], { KUBECONFIG: kubeconfig });
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringContaining("nothing was deployed: missing a Kubernetes cluster at https://127.0.0.1:6"),
    ]);
  });
});
