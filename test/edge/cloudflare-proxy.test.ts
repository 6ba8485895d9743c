import { beforeAll, describe, expect, it } from "vitest";
import type { Recording } from "../../cli/kit/record.ts";
import { holdsSecret } from "../../components/model/secret-mark.ts";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import type { Stack } from "../../components/stack/stack.ts";
import { ACCOUNT, cloudflare, inputs, SECRETS } from "../support/fakes/cloudflare.ts";
import { wayInOf } from "../support/record/stacks.ts";

const PROXY = { proxy: { bind: "public" }, tls: { mode: "origin" }, domain: "example.com" };

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
    expect(
      records.map(
        ({ name, type, content, zoneId }) => `${String(name)} ${String(type)} ${String(content)} ${String(zoneId)}`,
      ),
    ).toEqual([
      "api.example.com A 203.0.113.7 zone-id-of-example.com",
      "auth.example.com A 203.0.113.7 zone-id-of-example.com",
      "example.com A 203.0.113.7 zone-id-of-example.com",
      "grafana.example.com A 203.0.113.7 zone-id-of-example.com",
    ]);
  });

  it("has exactly these zone settings", () => {
    const settings = inputs(recorded, "zoneSetting:ZoneSetting").map(
      ({ settingId, value }) => `${String(settingId)}=${String(value)}`,
    );
    expect(settings).toEqual([
      "always_use_https=on",
      "min_tls_version=1.2",
      "ssl=strict",
      "tls_1_3=on",
      "websockets=on",
    ]);
    expect(inputs(recorded, "botManagement:BotManagement")).toEqual([
      { zoneId: "zone-id-of-example.com", fightMode: true, enableJs: true },
    ]);
  });

  it("has exactly these firewall, rate and cache rules", () => {
    const rules = Object.fromEntries(
      inputs(recorded, "ruleset:Ruleset").map(({ phase, rules }): [string, unknown] => [String(phase), rules]),
    );
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
          actionParameters: {
            cache: true,
            edgeTtl: { mode: "respect_origin" },
            browserTtl: { mode: "respect_origin" },
          },
          expression:
            'http.host eq "example.com" and (starts_with(http.request.uri.path, "/assets/") or starts_with(http.request.uri.path, "/static/"))',
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
    expect(
      inputs(recording, "authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate")[0],
    ).toMatchObject({
      certificate: "certificate of origin-pull-client\n",
    });
    const uploads = recording.resources
      .filter(({ type }) => type === "docker:index/container:Container")
      .flatMap(({ inputs }) => (inputs as RecordedContainer).uploads ?? []);
    expect(uploads.find(({ file }) => file === "/etc/certificates/client-ca.pem")?.content).toBe(
      "certificate of origin-pull\n",
    );
    expect(uploads.find(({ file }) => file === "/etc/certificates/chain.pem")?.content).toBe(
      "certificate of origin-certificate\n",
    );
    expect(uploads.some(({ content = "" }) => content.includes("origin-pull-client"))).toBe(false);
    expect(uploads.find(({ file }) => file.endsWith("routes.yml"))?.content).toContain(
      "clientAuthType: RequireAndVerifyClientCert",
    );
  });

  it("keeps backups in a bucket where only unfinished uploads end by age", () => {
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
