import { describe, expect, it } from "vitest";
import type { CloudflareFacts } from "../../../policies/policy.ts";
import { cloudflarePlan } from "../../../policies/edge/cloudflare-plan.ts";
import { describePolicy, resource } from "../describe-policy.ts";

const END = "; allowed: what the zone's plan has; lower it, or set cloudflare.plan to the plan of the zone";
const MEBIBYTE = 2 ** 20;
const facts = (changes: Partial<CloudflareFacts>) => ({
  cloudflare: {
    plan: "free",
    zones: ["example.com"],
    maxBody: 16 * MEBIBYTE,
    responseTimeout: 60,
    ...changes,
  } as const,
});
const rules = (phase: string, count: number) =>
  resource("cloudflare:index/ruleset:Ruleset", `example.com-${phase}`, {
    phase,
    rules: Array.from({ length: count }, () => ({ enabled: true })),
  });
const nothing = resource("cloudflare:index/zoneSetting:ZoneSetting", "zone");

describePolicy(cloudflarePlan, {
  context: facts({}),
  passes: {
    "few rules": [rules("http_request_firewall_custom", 5), rules("http_request_cache_settings", 10)],
    "a phase that no plan bounds": rules("http_request_firewall_managed", 50),
  },
  fails: {
    "rates by host name": [
      rules("http_ratelimit", 2),
      `rules "example.com-http_ratelimit": got 2 of http_ratelimit, where the plan free has 0 that see host names${END}`,
    ],
    "too many rules": [
      rules("http_request_firewall_custom", 6),
      `rules "example.com-http_request_firewall_custom": got 6 of http_request_firewall_custom, where the plan free has 5 that see host names${END}`,
    ],
  },
});

describePolicy(cloudflarePlan, {
  context: facts({ plan: "pro", maxBody: 95 * MEBIBYTE, responseTimeout: 100 }),
  passes: { "what the plan has": [rules("http_ratelimit", 2), nothing] },
  fails: {},
});

describe("what is larger or slower", () => {
  const found = (changes: Partial<CloudflareFacts>) =>
    cloudflarePlan.check([nothing], {
      identity: { project: "apprun", stack: "prod" },
      column: "prod",
      ...facts(changes),
    });
  it.each<[Partial<CloudflareFacts>, string]>([
    [{ maxBody: 96 * MEBIBYTE }, "limits.maxBody: got 101 MB, where the plan free takes 100 MB"],
    [{ plan: "business", maxBody: 300 * MEBIBYTE }, "limits.maxBody: got 315 MB, where the plan business takes 200 MB"],
    [{ responseTimeout: 101 }, "limits.responseTimeout: got 101 s, where Cloudflare waits 100 s"],
  ])("%j is found", (changes, message) => {
    expect(found(changes)).toEqual([message]);
  });
});
