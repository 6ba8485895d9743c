import { secret } from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../cli/record.js";
import { holdsSecret } from "../../components/model/secret-mark.js";
import type { RecordedContainer } from "../../components/platform/docker/container-args.js";
import { guardedRoutes, type AccessPolicies } from "../../components/edge/access-policies.js";
import type { Audience, Route } from "../../components/model/routes.js";
import type { Stack } from "../../components/stack.js";
import { endpoint } from "../support/specs.js";
import { wayInOf } from "../support/stacks.js";

const ACCOUNT = "a".repeat(32);
const ZONE_ID = "b".repeat(32);
const SECRETS = { cloudflareApiToken: secret("token") };
const ACCESS = {
  team: { emailDomains: ["example.com"], emails: ["auditor@example.org"] },
  preview: { emailDomains: ["example.com"], serviceToken: true, session: "8h" },
};
const cloudflare = (changes: object = {}) => ({ enabled: true, accountId: ACCOUNT, zones: [{ name: "example.com", id: ZONE_ID }], access: ACCESS, ...changes });
const PROXY = { proxy: { bind: "public" }, tls: { mode: "origin" }, domain: "example.com" };

const of = (recording: Recording<Stack>, type: string) => recording.resources.filter((resource) => resource.type === `cloudflare:index/${type}`);
/** By name, since secrets come to a resource later than what is plain. */
const inputs = (recording: Recording<Stack>, type: string) =>
  [...of(recording, type)].sort((a, b) => (a.name < b.name ? -1 : 1)).map((resource) => resource.inputs);

describe("a PR stack behind a tunnel", () => {
  let recorded: Recording<Stack>;
  beforeAll(async () => {
    recorded = await wayInOf({ domain: "pr-7.example.com", cloudflare: cloudflare() }, SECRETS, "pr-7");
  });

  it("has exactly these records", () => {
    const record = (name: string) => ({
      zoneId: ZONE_ID,
      name,
      type: "CNAME",
      content: "tunnel-id.cfargotunnel.com",
      proxied: true,
      ttl: 1,
      comment: "apprun-pr-7-edge",
    });
    expect(inputs(recorded, "dnsRecord:DnsRecord")).toEqual(
      ["api.pr-7.example.com", "auth.pr-7.example.com", "grafana.pr-7.example.com", "pr-7.example.com"].map(record),
    );
  });

  it("has exactly these Access applications and policies", () => {
    const recording = recorded;
    expect(inputs(recording, "zeroTrustAccessPolicy:ZeroTrustAccessPolicy")).toEqual([
      {
        accountId: ACCOUNT,
        name: "apprun-pr-7-edge preview machines",
        decision: "non_identity",
        sessionDuration: "8h",
        includes: [{ serviceToken: { tokenId: "access-preview-ci-id" } }],
      },
      {
        accountId: ACCOUNT,
        name: "apprun-pr-7-edge preview people",
        decision: "allow",
        sessionDuration: "8h",
        includes: [{ emailDomain: { domain: "example.com" } }],
      },
      {
        accountId: ACCOUNT,
        name: "apprun-pr-7-edge team people",
        decision: "allow",
        sessionDuration: "24h",
        includes: [{ emailDomain: { domain: "example.com" } }, { email: { email: "auditor@example.org" } }],
      },
    ]);
    const application = (name: string, uri: string, sessionDuration: string, ...policies: string[]) => ({
      accountId: ACCOUNT,
      name: `apprun-pr-7-edge ${name}`,
      type: "self_hosted",
      destinations: [{ type: "public", uri }],
      sessionDuration,
      appLauncherVisible: false,
      httpOnlyCookieAttribute: true,
      policies: policies.map((id, index) => ({ id, precedence: index + 1 })),
    });
    const preview = ["access-preview-machines-id", "access-preview-people-id"];
    expect(inputs(recording, "zeroTrustAccessApplication:ZeroTrustAccessApplication")).toEqual([
      application("api", "api.pr-7.example.com", "8h", ...preview),
      application("app", "pr-7.example.com", "8h", ...preview),
      application("auth", "auth.pr-7.example.com", "8h", ...preview),
      application("grafana", "grafana.pr-7.example.com", "24h", "access-team-people-id"),
      application("websocket", "pr-7.example.com/ws", "8h", ...preview),
    ]);
    expect(recording.result.credentials["access-preview"]).toBeDefined();
  });

  it("has exactly these tunnel rules, and 404 for everything else", () => {
    const service = "http://proxy:8000";
    expect(inputs(recorded, "zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig")).toEqual([
      {
        accountId: ACCOUNT,
        tunnelId: "tunnel-id",
        source: "cloudflare",
        config: {
          ingresses: [
            { hostname: "api.pr-7.example.com", service },
            { hostname: "auth.pr-7.example.com", service },
            { hostname: "grafana.pr-7.example.com", service },
            { hostname: "pr-7.example.com", path: "^/ws", service },
            { hostname: "pr-7.example.com", service },
            { service: "http_status:404" },
          ],
        },
      },
    ]);
  });

  it("runs the tunnel's client with its credentials in a secret file, and opens no port to the world", () => {
    const { resources } = recorded;
    const containers = resources.filter(({ type }) => type === "docker:index/container:Container").map(({ inputs }) => inputs as RecordedContainer);
    const client = containers.find(({ name }) => name === "apprun-pr-7-tunnel");
    expect(client?.image).toBe("cloudflare/cloudflared:2026.7.1");
    const { uploads = [], ...rest } = client!;
    expect(uploads.map(({ file }) => file)).toEqual(["/run/secrets/tunnel-token"]);
    const token = JSON.parse(Buffer.from(uploads[0]!.content!, "base64").toString()) as Record<string, string>;
    expect(token).toMatchObject({ a: ACCOUNT, t: "tunnel-id" });
    expect(Buffer.from(token["s"]!, "base64").toString()).toBe("__secret_tunnel-secret__");
    expect(JSON.stringify(rest)).not.toContain(uploads[0]!.content!);
    expect(containers.flatMap(({ ports = [] }) => ports.map(({ ip }) => ip))).toEqual(["127.0.0.1"]);
  });

  it("touches nothing that the zone has once", () => {
    const types = recorded.resources.filter(({ type }) => type.startsWith("cloudflare:")).map(({ type }) => type.split(":").at(-1));
    expect([...new Set(types)].sort()).toEqual([
      "DnsRecord",
      "ZeroTrustAccessApplication",
      "ZeroTrustAccessPolicy",
      "ZeroTrustAccessServiceToken",
      "ZeroTrustTunnelCloudflared",
      "ZeroTrustTunnelCloudflaredConfig",
    ]);
  });

  it("names its pages as browsers open them", () => {
    expect(recorded.result.urls).toEqual({
      app: "https://pr-7.example.com/",
      api: "https://api.pr-7.example.com/",
      websocket: "https://pr-7.example.com/ws",
      auth: "https://auth.pr-7.example.com/",
      grafana: "https://grafana.pr-7.example.com/",
    });
  });

  it("passes the provider to every resource, and the token to nothing else", () => {
    const { resources } = recorded;
    const own = resources.filter(({ type }) => type.startsWith("cloudflare:"));
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter(({ provider }) => !provider.includes("pulumi:providers:cloudflare::cloudflare::")).map(({ name }) => name)).toEqual([]);
    expect(resources.filter((resource) => JSON.stringify(resource.inputs).includes('"token"') && resource.type !== "pulumi:providers:cloudflare")).toEqual([]);
  });
});

describe("a stack that Cloudflare connects to, and that sets its zone", () => {
  let recorded: Recording<Stack>;
  beforeAll(async () => {
    recorded = await wayInOf(
      {
        ...PROXY,
        cloudflare: cloudflare({
          origin: "proxy",
          address: "203.0.113.7",
          zones: [{ name: "example.com", manage: true }],
          backups: { bucket: "apprun-backups" },
        }),
      },
      SECRETS,
      "prod",
    );
  });

  it("has address records in the zone that was looked up", () => {
    const records = inputs(recorded, "dnsRecord:DnsRecord");
    expect(records.map(({ name, type, content, zoneId }) => `${String(name)} ${String(type)} ${String(content)} ${String(zoneId)}`)).toEqual([
      "api.example.com A 203.0.113.7 zone-id-of-example.com",
      "auth.example.com A 203.0.113.7 zone-id-of-example.com",
      "example.com A 203.0.113.7 zone-id-of-example.com",
      "grafana.example.com A 203.0.113.7 zone-id-of-example.com",
    ]);
  });

  it("has exactly these zone settings", () => {
    const settings = inputs(recorded, "zoneSetting:ZoneSetting").map(({ settingId, value }) => `${String(settingId)}=${String(value)}`);
    expect(settings).toEqual(["always_use_https=on", "min_tls_version=1.2", "ssl=strict", "tls_1_3=on", "websockets=on"]);
    expect(inputs(recorded, "botManagement:BotManagement")).toEqual([{ zoneId: "zone-id-of-example.com", fightMode: true, enableJs: true }]);
  });

  it("has exactly these firewall, rate and cache rules", () => {
    const rules = Object.fromEntries(inputs(recorded, "ruleset:Ruleset").map(({ phase, rules }): [string, unknown] => [String(phase), rules]));
    const hosts = 'http.host in {"api.example.com" "auth.example.com" "example.com" "grafana.example.com"}';
    const characteristics = ["ip.src", "cf.colo.id"];
    expect(rules).toEqual({
      http_request_firewall_custom: [
        {
          ref: "hidden-files",
          description: "What only scanners ask for",
          action: "block",
          expression: `${hosts} and (starts_with(http.request.uri.path, "/.env") or starts_with(http.request.uri.path, "/.git") or starts_with(http.request.uri.path, "/.aws") or starts_with(http.request.uri.path, "/wp-login.php") or starts_with(http.request.uri.path, "/metrics"))`,
          enabled: true,
        },
      ],
      http_request_firewall_managed: [
        {
          ref: "managed",
          description: "Cloudflare Managed Ruleset",
          action: "execute",
          actionParameters: { id: "efb7b8c949ac4650a09736fc376e9aee" },
          expression: "true",
          enabled: true,
        },
        {
          ref: "owasp",
          description: "OWASP Core Ruleset",
          action: "execute",
          actionParameters: { id: "4814384a9e5d4991b9815dcfc25d2f1f" },
          expression: "true",
          enabled: true,
        },
      ],
      http_ratelimit: [
        {
          ref: "rate-standard",
          description: "Requests of class standard from one address",
          action: "block",
          expression: 'http.host in {"api.example.com" "example.com"}',
          ratelimit: { characteristics, period: 10, requestsPerPeriod: 1000, mitigationTimeout: 10 },
          enabled: true,
        },
        {
          ref: "rate-login",
          description: "Requests of class login from one address",
          action: "block",
          expression: 'http.host in {"auth.example.com"}',
          ratelimit: { characteristics, period: 10, requestsPerPeriod: 100, mitigationTimeout: 10 },
          enabled: true,
        },
      ],
      http_request_cache_settings: [
        {
          ref: "static-app",
          description: "Static paths of app",
          action: "set_cache_settings",
          actionParameters: { cache: true, edgeTtl: { mode: "respect_origin" }, browserTtl: { mode: "respect_origin" } },
          expression: 'http.host eq "example.com" and (starts_with(http.request.uri.path, "/assets/") or starts_with(http.request.uri.path, "/static/"))',
          enabled: true,
        },
      ],
    });
  });

  it("lets in who holds the certificate that Cloudflare was given, for every host, and nobody else", () => {
    const recording = recorded;
    expect(inputs(recording, "authenticatedOriginPulls:AuthenticatedOriginPulls")).toEqual(
      ["api.example.com", "auth.example.com", "example.com", "grafana.example.com"].map((hostname) => ({
        zoneId: "zone-id-of-example.com",
        configs: [{ hostname, certId: "origin-pulls-example.com-id", enabled: true }],
      })),
    );
    expect(inputs(recording, "authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate")[0]).toMatchObject({
      certificate: "certificate of origin-pull-client\n",
    });
    const uploads = recording.resources
      .filter(({ type }) => type === "docker:index/container:Container")
      .flatMap(({ inputs }) => (inputs as RecordedContainer).uploads ?? []);
    expect(uploads.find(({ file }) => file === "/etc/certificates/client-ca.pem")?.content).toBe("certificate of origin-pull\n");
    expect(uploads.find(({ file }) => file === "/etc/certificates/chain.pem")?.content).toBe("certificate of origin-certificate\n");
    expect(uploads.some(({ content = "" }) => content.includes("origin-pull-client"))).toBe(false);
    expect(uploads.find(({ file }) => file.endsWith("routes.yml"))?.content).toContain("clientAuthType: RequireAndVerifyClientCert");
  });

  it("keeps backups in a bucket whose objects end", () => {
    expect(inputs(recorded, "r2Bucket:R2Bucket")).toEqual([{ accountId: ACCOUNT, name: "apprun-backups" }]);
    expect(inputs(recorded, "r2BucketLifecycle:R2BucketLifecycle")).toEqual([
      {
        accountId: ACCOUNT,
        bucketName: "apprun-backups",
        rules: [
          {
            id: "expire",
            enabled: true,
            conditions: { prefix: "" },
            deleteObjectsTransition: { condition: { type: "Age", maxAge: 7_776_000 } },
            abortMultipartUploadsTransition: { condition: { type: "Age", maxAge: 604_800 } },
          },
        ],
      },
    ]);
  });

  it("shows no secret outside of what must hold it", () => {
    const holders = recorded.resources
      .filter(({ type, inputs }) => type.startsWith("cloudflare:") && holdsSecret(JSON.stringify(inputs)))
      .map(({ name }) => name);
    expect(holders).toEqual(["origin-pulls-example.com"]);
  });
});

describe("several zones", () => {
  it("get the records of the hosts that are closest to them", async () => {
    const zones = [
      { name: "example.com", id: "1".repeat(32) },
      { name: "staging.example.com", id: "2".repeat(32) },
    ];
    const recording = await wayInOf({ domain: "staging.example.com", cloudflare: cloudflare({ zones }) }, SECRETS, "staging");
    expect(new Set(inputs(recording, "dnsRecord:DnsRecord").map(({ zoneId }) => zoneId))).toEqual(new Set(["2".repeat(32)]));
  });
});

describe("a route that is not public and has no Access policy", () => {
  const route = (audience: Audience): Route => ({ name: "grafana", host: "grafana.example.com", to: endpoint("grafana", 3000), audience, rate: "operator" });
  const nobody = { emailDomains: [], emails: [], serviceToken: false, session: "24h" };

  it.each<[Audience, AccessPolicies]>([
    ["team", {}],
    ["team", { preview: { ...nobody, serviceToken: true } }],
    ["team", { team: nobody }],
    ["preview", { team: { ...nobody, emails: ["ops@example.com"] } }],
  ])("is refused: %s with %j", (audience, policies) => {
    expect(() => guardedRoutes([route(audience)], policies)).toThrow(
      `route "grafana" for ${audience}: got no Access policy; emailDomains, emails or serviceToken of who may enter, while Cloudflare is on; set cloudflare.access.${audience} in this stack`,
    );
  });

  it("is fine where it is public", () => {
    expect(guardedRoutes([route("public")], {})).toEqual([]);
  });
});
