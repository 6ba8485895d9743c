import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sweepEdge } from "../../../cli/ci/sweep-edge.ts";
import { CloudflareApi } from "../../support/fakes/cloudflare-api.ts";
import { leaveStack } from "../../support/fakes/cloudflare-leftovers.ts";

const [ACCOUNT, ZONE, TOKEN] = ["a".repeat(32), "b".repeat(32), "token-of-a-test-0123456789-0123456789-0123"];
const RECORDS = `/zones/${ZONE}/dns_records`;
let api: CloudflareApi;
let apiUrl: string;

beforeEach(async () => {
  api = new CloudflareApi({ token: TOKEN, zones: { "example.com": ZONE } });
  apiUrl = await api.start();
});
afterEach(() => {
  api.stop();
});

function directoryWith(settings: object | undefined): string {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  if (settings !== undefined)
    writeFileSync(join(directory, "Pulumi.pr.yaml"), JSON.stringify({ config: { "apprun:cloudflare": settings } }));
  return directory;
}
const settings = () => ({ enabled: true, accountId: ACCOUNT, apiUrl, zones: [{ name: "example.com" }] });

interface Sweep {
  readonly open?: readonly number[];
  readonly stacks?: readonly string[];
  readonly dryRun?: boolean;
  readonly token?: string | undefined;
  readonly settings?: object | undefined;
}
const sweep = (given: Sweep = {}) =>
  sweepEdge({
    directory: directoryWith("settings" in given ? given.settings : settings()),
    project: "apprun",
    open: given.open ?? [],
    stacks: () => Promise.resolve(given.stacks ?? []),
    dryRun: given.dryRun ?? false,
    token: "token" in given ? given.token : TOKEN,
  });
const leave = (stack: string) =>
  leaveStack(api, { account: ACCOUNT, zone: ZONE, owner: `apprun-${stack}-edge`, domain: `${stack}.example.com` });

describe("leftovers at Cloudflare", () => {
  it("go, page by page and of every kind, and nothing that is another's", async () => {
    leave("pr-7");
    const [open, living, prod, foreign] = [
      leave("pr-8"),
      leave("pr-9"),
      leave("prod"),
      leaveStack(api, { account: ACCOUNT, zone: ZONE, owner: "shop-pr-7-edge", domain: "shop.example.com" }),
    ];
    const outcome = await sweep({ open: [8], stacks: ["pr-9", "prod"] });
    const names = [
      "DNS record api.pr-7.example.com",
      "DNS record pr-7.example.com",
      "Access application apprun-pr-7-edge app",
      "Access policy apprun-pr-7-edge preview people",
      "Access service token apprun-pr-7-edge preview CI",
      "tunnel apprun-pr-7-edge",
    ];
    expect("removed" in outcome && outcome.removed.map(({ kind, name, stack }) => `${kind} ${name} ${stack}`)).toEqual(
      names.map((name) => `${name} pr-7`),
    );
    expect(outcome).toMatchObject({ failed: [] });
    expect([...api.objects.keys()].sort()).toEqual([...open, ...living, ...prod, ...foreign].sort());
    expect(api.changes.every((call) => call.startsWith("DELETE "))).toBe(true);
  });

  it("are only named by a dry run", async () => {
    const left = leave("pr-7");
    expect(await sweep({ dryRun: true })).toMatchObject({ removed: left.map(() => ({ stack: "pr-7" })), failed: [] });
    expect(api.changes).toEqual([]);
  });

  it("keep what guards a host name that could not be removed, and say so", async () => {
    const left = leave("pr-7");
    leave("pr-6");
    const [first = ""] = left;
    api.forbidden.add(`DELETE ${first}`);
    const outcome = await sweep();
    expect("failed" in outcome && outcome.failed.map(({ kind, error }) => `${kind}: ${error}`)).toEqual([
      "DNS record: 403 Authentication error",
      ...["Access application", "Access policy", "Access service token", "tunnel"].map(
        (kind) => `${kind}: left, because DNS record api.pr-7.example.com is still there`,
      ),
    ]);
    expect([...api.objects.keys()].sort()).toEqual(
      left.filter((path) => path === first || !path.startsWith(RECORDS)).sort(),
    );
  });

  it("that somebody removed meanwhile are no error", async () => {
    const [first = ""] = leave("pr-7");
    const outcome = await sweepEdge({
      ...{ directory: directoryWith(settings()), project: "apprun", open: [], dryRun: false, token: TOKEN },
      stacks: () => {
        api.objects.delete(first);
        return Promise.resolve([]);
      },
    });
    expect(outcome).toMatchObject({ failed: [] });
    expect(api.objects.size).toBe(0);
  });

  it("are not looked for without a token, or where stacks of pull requests have none", async () => {
    expect(await sweep({ token: undefined })).toEqual({ skipped: "CLOUDFLARE_API_TOKEN is not set" });
    // What GitHub hands on for a secret that nobody set.
    expect(await sweep({ token: "" })).toEqual({ skipped: "CLOUDFLARE_API_TOKEN is not set" });
    expect(await sweep({ settings: undefined })).toEqual({ skipped: "Pulumi.pr.yaml does not switch cloudflare on" });
    expect(await sweep({ settings: { ...settings(), enabled: false } })).toEqual({
      skipped: "Pulumi.pr.yaml does not switch cloudflare on",
    });
  });

  it("are not touched where the token may not see all of them", async () => {
    leave("pr-7");
    api.forbidden.add(`GET /accounts/${ACCOUNT}/access/service_tokens`);
    await expect(sweep()).rejects.toThrow(
      /^Access service tokens could not be listed: 403 Authentication error; allowed: a CLOUDFLARE_API_TOKEN with the permissions of docs\/ci\.md; set one; nothing was removed/,
    );
    await expect(sweep({ token: "another-token-of-a-test-0123456789-01234567" })).rejects.toThrow(
      /^zones could not be listed: 403 Invalid access token;/,
    );
    expect(api.changes).toEqual([]);
  });

  it.each([
    [
      { enabled: true, zones: [] },
      "Pulumi.pr.yaml has 1 problem:\n  apprun:cloudflare.accountId: got nothing; allowed: the account's id with cloudflare.enabled; copy it from the account's page",
    ],
    [
      { enabled: true, accountId: "acme" },
      'Pulumi.pr.yaml has 1 problem:\n  apprun:cloudflare.accountId: got "acme"; allowed: 32 hexadecimal digits; change it',
    ],
    [{ enable: true }, "apprun:cloudflare.enable: got an unknown key"],
  ])("are not looked for with %j", async (wrong, message) => {
    await expect(sweep({ settings: wrong })).rejects.toThrow(message);
  });
});
