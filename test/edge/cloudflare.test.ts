import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../cli/kit/record.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { CATALOGUE } from "../../components/services/catalogue.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { ACCOUNT, cloudflare, inputs, SECRETS, ZONE_ID } from "../support/fakes/cloudflare.ts";
import { wayInOf } from "../support/record/stacks.ts";

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
    const containers = resources
      .filter(({ type }) => type === "docker:index/container:Container")
      .map(({ inputs }) => inputs as RecordedContainer);
    const client = containers.find(({ name }) => name === "apprun-pr-7-tunnel");
    expect(client?.image).toBe(`cloudflare/cloudflared:${CATALOGUE.cloudflared.tag}`);
    const { uploads = [], ...rest } = client!;
    expect(uploads.map(({ file }) => file)).toEqual(["/run/secrets/tunnel-token"]);
    const token = JSON.parse(Buffer.from(uploads[0]!.content!, "base64").toString()) as Record<string, string>;
    expect(token).toMatchObject({ a: ACCOUNT, t: "tunnel-id" });
    expect(Buffer.from(token["s"]!, "base64").toString()).toBe("__secret_tunnel-secret__");
    expect(JSON.stringify(rest)).not.toContain(uploads[0]!.content!);
    expect(containers.flatMap(({ ports = [] }) => ports.map(({ ip }) => ip))).toEqual(["127.0.0.1"]);
  });

  it("touches nothing that the zone has once", () => {
    const types = recorded.resources
      .filter(({ type }) => type.startsWith("cloudflare:"))
      .map(({ type }) => type.split(":").at(-1));
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
    expect(
      own
        .filter(({ provider }) => !provider.includes("pulumi:providers:cloudflare::cloudflare::"))
        .map(({ name }) => name),
    ).toEqual([]);
    expect(
      resources.filter(
        (resource) =>
          JSON.stringify(resource.inputs).includes('"token"') && resource.type !== "pulumi:providers:cloudflare",
      ),
    ).toEqual([]);
  });
});

describe("several zones", () => {
  it("get the records of the hosts that are closest to them", async () => {
    const zones = [
      { name: "example.com", id: "1".repeat(32) },
      { name: "staging.example.com", id: "2".repeat(32) },
    ];
    const recording = await wayInOf(
      { domain: "staging.example.com", cloudflare: cloudflare({ zones }) },
      SECRETS,
      "staging",
    );
    expect(new Set(inputs(recording, "dnsRecord:DnsRecord").map(({ zoneId }) => zoneId))).toEqual(
      new Set(["2".repeat(32)]),
    );
  });
});
