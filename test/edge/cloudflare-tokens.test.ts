import { describe, expect, it } from "vitest";
import { findingsOf } from "../../cli/kit/policies.ts";
import { cloudflare, inputs, SECRETS } from "../support/fakes/cloudflare.ts";
import { filesOf } from "../support/record/monitoring.ts";
import { messageOf } from "../support/record/settings.ts";
import { settingsOf, stackOf, wayInOf } from "../support/record/stacks.ts";

const access = (more: object) => ({ ...cloudflare().access, ...more });
const PROXY = {
  domain: "example.com",
  proxy: { bind: "public", port: 80, tlsPort: 443 },
  tls: { mode: "origin" },
  cloudflare: cloudflare({ origin: "proxy", address: "203.0.113.7" }),
};

describe("Access' tokens at the tunnel's client", () => {
  it("are asked for before what is not public, of any application of the host", async () => {
    const values = { domain: "pr-7.example.com", cloudflare: cloudflare({ access: access({ teamName: "example" }) }) };
    const [rules] = inputs(
      await wayInOf(values, SECRETS, "pr-7"),
      "zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
    );
    const { ingresses } = (rules as { config: { ingresses: Record<string, unknown>[] } }).config;
    const asked = (...audTags: string[]) => ({ access: { required: true, teamName: "example", audTags } });
    expect(ingresses.map(({ hostname, path, originRequest }) => [hostname, path, originRequest])).toEqual([
      ["api.pr-7.example.com", undefined, asked("aud-of-access-api")],
      ["auth.pr-7.example.com", undefined, asked("aud-of-access-auth")],
      ["grafana.pr-7.example.com", undefined, asked("aud-of-access-grafana")],
      ["pr-7.example.com", "^/ws", asked("aud-of-access-app", "aud-of-access-websocket")],
      ["pr-7.example.com", undefined, asked("aud-of-access-app", "aud-of-access-websocket")],
      [undefined, undefined, undefined],
    ]);
  });

  it("are not asked for before the public app", async () => {
    const values = { domain: "example.com", cloudflare: cloudflare({ access: access({ teamName: "example" }) }) };
    const [rules] = inputs(
      await wayInOf(values, SECRETS, "prod"),
      "zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
    );
    const { ingresses } = (rules as { config: { ingresses: Record<string, unknown>[] } }).config;
    expect(ingresses.filter(({ originRequest }) => originRequest).map(({ hostname }) => hostname)).toEqual([
      "grafana.example.com",
    ]);
  });

  it("cannot be asked for by the proxy, which says so", () => {
    const values = { ...PROXY, cloudflare: { ...PROXY.cloudflare, access: access({ teamName: "example" }) } };
    expect(messageOf(values, "prod", SECRETS)).toEqual([
      '  apprun:cloudflare.access.teamName: got "example"; allowed: nothing with cloudflare.origin proxy: the proxy cannot read tokens of Access, and lets in nobody without the stack\'s client certificate; remove it, or set cloudflare.origin to tunnel',
    ]);
  });
});

describe("the plan of the zones", () => {
  const managed = (more: object) => ({
    domain: "shop.example.com",
    limits: { maxBody: "200Mi", responseTimeout: "2m" },
    cloudflare: cloudflare({ zones: [{ name: "example.com", manage: true }], ...more }),
  });
  const phases = async (more: object) =>
    inputs(await wayInOf(managed(more), SECRETS, "prod"), "ruleset:Ruleset").map(({ phase }) => phase);

  it("free has no managed rules and no rates by host name", async () => {
    expect(await phases({ plan: "free" })).toEqual(["http_request_cache_settings", "http_request_firewall_custom"]);
    expect(await phases({})).toEqual([
      "http_ratelimit",
      "http_request_cache_settings",
      "http_request_firewall_custom",
      "http_request_firewall_managed",
    ]);
    expect(messageOf(managed({ plan: "free", firewall: { managedRules: true } }), "prod", SECRETS)).toEqual([
      "  apprun:cloudflare.firewall.managedRules: got true; allowed: false with cloudflare.plan free, which has none; remove it or name the zone's plan",
    ]);
  });

  it("is compared with the settings in the plan of a stack", async () => {
    const settings = settingsOf(managed({ plan: "free" }), "prod", SECRETS);
    const recording = await wayInOf(managed({ plan: "free" }), SECRETS, "prod");
    const found = findingsOf({ settings, recording, stack: "prod" }).filter(({ policy }) =>
      policy.startsWith("cloudflare"),
    );
    expect(found.map(({ policy, message }) => `${policy}: ${message.split(";")[0]}`)).toEqual([
      "cloudflare-names: api.shop.example.com, auth.shop.example.com, grafana.shop.example.com: got more than one label below the zone",
      "cloudflare-plan: limits.maxBody: got 210 MB, where the plan free takes 100 MB",
      "cloudflare-plan: limits.responseTimeout: got 120 s, where Cloudflare waits 100 s",
    ]);
  });
});

describe("the end of the certificate that Cloudflare shows to the host", () => {
  const rulesOf = async (values: Record<string, unknown>) =>
    filesOf(await stackOf(values, "prod", SECRETS), "prometheus").get("/etc/prometheus/rules.yml") ?? "";

  it("is a figure of Prometheus, and part of the alert on certificates", async () => {
    const rules = await rulesOf(PROXY);
    expect(rules).toContain("record: certificate:not_after:seconds");
    expect(rules).toContain(`expr: vector(${Date.parse("2028-01-01T00:00:00Z") / 1000})`);
    expect(rules).toContain("((traefik_tls_certs_not_after or certificate:not_after:seconds) - time()) / 86400 < 14");
  });

  it("is nowhere without it, so that other stacks stay as they are", async () => {
    const rules = await rulesOf({ domain: "example.com", cloudflare: cloudflare() });
    expect(rules).not.toContain("certificate:not_after:seconds");
    expect(rules).toContain("(traefik_tls_certs_not_after - time()) / 86400 < 14");
  });
});
