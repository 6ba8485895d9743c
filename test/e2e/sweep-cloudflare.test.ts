import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { CloudflareApi } from "../support/fakes/cloudflare-api.ts";
import { leaveStack } from "../support/fakes/cloudflare-leftovers.ts";
import { TestProject } from "../support/e2e/e2e.ts";
import { FakeForge } from "../support/fakes/forge.ts";

const [ACCOUNT, ZONE, TOKEN] = ["a".repeat(32), "b".repeat(32), "token-of-a-test-0123456789-0123456789-0123"];
const [OPEN, CLOSED, GONE] = ["pr-813", "pr-814", "pr-815"];
const project = new TestProject(OPEN, {}, "sweep-cloudflare");
const forge = new FakeForge();
const api = new CloudflareApi({ token: TOKEN, zones: { "example.com": ZONE } });

interface Outcome {
  readonly removed: readonly { readonly name: string }[];
  readonly cloudflare: { readonly removed: readonly { readonly stack: string }[]; readonly failed: readonly unknown[] };
}

describe("ci sweep with an account at Cloudflare and the engine's own list of stacks", () => {
  let env: NodeJS.ProcessEnv;
  let settings: object;
  const left = new Map<string, readonly string[]>();
  const sweep = (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    project.cliAnywhere(["ci", "sweep", ...args], { ...env, CLOUDFLARE_API_TOKEN: TOKEN, ...more });
  const configure = (changes: object) => {
    writeFileSync(
      join(project.directory, "Pulumi.pr.yaml"),
      stringify({ config: { "apprun:cloudflare": { ...settings, ...changes } } }),
    );
  };
  const there = () => [OPEN, CLOSED, GONE].filter((stack) => left.get(stack)?.every((path) => api.objects.has(path)));

  beforeAll(async () => {
    env = await forge.start();
    forge.open.push(901, 902, 813);
    settings = { enabled: true, accountId: ACCOUNT, zones: [{ name: "example.com" }], apiUrl: await api.start() };
    configure({});
    // The command makes the passphrase and the place of the state.
    expect((await sweep(["--dry-run"])).code).toBe(0);
    for (const stack of [OPEN, CLOSED]) expect((await project.pulumiAnywhere(["stack", "init", stack])).code).toBe(0);
    for (const stack of [OPEN, CLOSED, GONE])
      left.set(
        stack,
        leaveStack(api, {
          account: ACCOUNT,
          zone: ZONE,
          owner: `apprun-${stack}-edge`,
          domain: `${stack}.example.com`,
        }),
      );
  });
  afterAll(() => {
    forge.stop();
    api.stop();
  });

  it("says that it did not look there without a token, and removes nothing there", async () => {
    const { code, stdout, stderr } = await sweep(["--dry-run", "--json"], { CLOUDFLARE_API_TOKEN: "" });
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ cloudflare: { skipped: "CLOUDFLARE_API_TOKEN is not set" } });
    expect(stderr).toContain("Cloudflare was not looked at: CLOUDFLARE_API_TOKEN is not set");
    expect(there()).toEqual([OPEN, CLOSED, GONE]);
  });

  it("leaves to a stack's destroy what is the stack's", async () => {
    const { code, stdout, stderr } = await sweep(["--dry-run", "--json"]);
    expect(code, stderr).toBe(0);
    const { removed, cloudflare } = JSON.parse(stdout) as Outcome;
    expect(removed.map(({ name }) => name)).toEqual([CLOSED]);
    expect(new Set(cloudflare.removed.map(({ stack }) => stack))).toEqual(new Set([GONE]));
    expect(api.changes).toEqual([]);
  });

  it("names what could not be removed, and fails", async () => {
    const [record = ""] = left.get(GONE) ?? [];
    api.forbidden.add(`DELETE ${record}`);
    const { code, stdout, stderr } = await sweep(["--json", "--open", "813,814"]);
    api.forbidden.clear();
    expect(code).toBe(1);
    expect(stderr).toContain(`DNS record api.${GONE}.example.com: 403 Authentication error`);
    expect(stderr).toMatch(
      new RegExp(
        `not removed: DNS record api\\.${GONE}\\.example\\.com, Access application .*; fix the cause above and run it again`,
      ),
    );
    expect((JSON.parse(stdout) as Outcome).cloudflare).toMatchObject({
      removed: [{ name: `${GONE}.example.com` }],
      failed: { length: 5 },
    });
  });

  it("fails where the settings are wrong, after the stacks", async () => {
    configure({ accountId: "acme" });
    const { code, stderr } = await sweep(["--open", "813,814"]);
    configure({});
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("not removed: anything at Cloudflare: Pulumi.pr.yaml has 1 problem"),
    ]);
  });

  it("removes the stack, what it left, and what the one left that was gone before", async () => {
    const { code, stdout, stderr } = await sweep([]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("1 stacks and 11 leftovers at Cloudflare removed");
    expect([...api.objects.keys()].sort()).toEqual([...(left.get(OPEN) ?? [])].sort());
    expect(stdout + stderr).not.toContain(TOKEN);
  });
});
