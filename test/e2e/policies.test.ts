import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../policies/evaluate.ts";
import { containers, SMALL, TestProject, wipe } from "../support/e2e/e2e.ts";
import { PUBLIC_APP } from "../support/e2e/own-apps.ts";

const PACK = fileURLToPath(new URL("../../policies", import.meta.url));

interface PolicyEvent {
  readonly policyEvent?: { readonly policyName: string; readonly message: string; readonly enforcementLevel: string };
}

/** What the engine said about policies, as `plan` says it. */
function engineFindings(events: string): string[] {
  const found = events
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .flatMap((line) => (JSON.parse(line) as PolicyEvent).policyEvent ?? [])
    // The engine puts the description before the message.
    .map(
      ({ policyName, message, enforcementLevel }) =>
        `${enforcementLevel} ${policyName.replace(/-advisory$/, "")}: ${message.trimEnd().split("\n").at(-1) ?? ""}`,
    );
  return [...new Set(found)].sort();
}

async function plannedFindings(project: TestProject): Promise<string[]> {
  const { stdout } = await project.cli(["plan", "--json"]);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return findings.map(({ enforcement, policy, message }) => `${enforcement} ${policy}: ${message}`).sort();
}

/** A stack that the engine knows and that nothing was deployed of. */
async function initialised(project: TestProject): Promise<void> {
  await project.cli(["preview"]);
  await project.rememberSalt();
}

describe("pulumi preview --policy-pack", () => {
  const project = new TestProject(
    "prod",
    {
      domain: "example.com",
      proxy: { bind: "public" },
      // The sample app is no app of a prod.
      app: PUBLIC_APP,
      backup: { enabled: false },
      policies: { accept: { "database-backup": "by another tool" } },
    },
    "policies-prod",
  );

  it("blocks mandatory violations, with the findings of plan", async () => {
    await initialised(project);
    const planned = await plannedFindings(project);
    expect(planned.filter((line) => line.startsWith("mandatory image-digest: ")).length).toBeGreaterThan(8);
    expect(planned).toContain(
      'mandatory route-tls: route "app": got plain HTTP on a public port; allowed: routes with TLS; set tls.mode; external is for TLS that ends in front of this stack',
    );
    const { code, stdout } = await project.pulumi(["preview", "--policy-pack", PACK, "--json"]);
    expect(code).not.toBe(0);
    expect(engineFindings(stdout)).toEqual(planned);
    expect(planned.some((line) => line.startsWith('advisory database-backup: container "postgres"'))).toBe(true);
  });
});

describe("a stack that is up", () => {
  const project = new TestProject("pr-801", {
    ...SMALL,
    temporal: { enabled: false },
    grafana: { enabled: false },
    prometheus: { enabled: false },
  });
  const clean = () => wipe("pr-801");
  beforeAll(clean);
  afterAll(async () => {
    await project.cli(["destroy", "--remove-data", "--confirm", "pr-801"]);
    await clean();
  });

  it("comes up with the pack, which finds in its real state what plan found", async () => {
    await initialised(project);
    const { code, stdout } = await project.pulumi(["up", "--yes", "--skip-preview", "--policy-pack", PACK, "--json"]);
    expect(code, stdout).toBe(0);
    expect(Object.keys(await containers("pr-801")).length).toBeGreaterThan(5);
    expect(engineFindings(stdout)).toEqual(await plannedFindings(project));
  });

  it("passes pulumi policy analyze on its stored state", async () => {
    const { code, stdout } = await project.pulumi(["policy", "analyze", "--policy-pack", PACK, "--json"]);
    expect(code, stdout).toBe(0);
    expect(engineFindings(stdout)).toEqual(await plannedFindings(project));
  });

  it("fails pulumi policy analyze for a state with a privileged container and a public database", async () => {
    const exported = JSON.parse((await project.pulumi(["stack", "export"])).stdout) as {
      deployment: { resources: { urn: string; inputs: Record<string, unknown>; outputs: Record<string, unknown> }[] };
    };
    const postgres = exported.deployment.resources.find(({ urn }) => urn.endsWith("Container::postgres"));
    Object.assign(postgres!.inputs, { privileged: true, ports: [{ internal: 5432, external: 5432, ip: "0.0.0.0" }] });
    const file = join(project.directory, "state.json");
    writeFileSync(file, JSON.stringify(exported));
    const { code, stdout } = await project.pulumiAnywhere([
      "policy",
      "analyze",
      "--policy-pack",
      PACK,
      "--json",
      "--file",
      file,
    ]);
    expect(code).not.toBe(0);
    expect(engineFindings(stdout).filter((line) => line.startsWith("mandatory"))).toEqual([
      'mandatory no-privileged: container "postgres": got privileged; allowed: containers without it; remove privileged',
      'mandatory no-public-data-port: container "postgres": got PostgreSQL on 0.0.0.0:5432; allowed: 127.0.0.1, or no port at all; make its port internal or loopback',
      'mandatory only-proxy-public: container "postgres": got a public port, 0.0.0.0:5432; allowed: the service "proxy"; make the port internal and give it a route',
    ]);
  });
});
