import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseSettings } from "../../components/stack/parse.ts";
import { messageOf } from "../support/record/settings.ts";

describe("settings that need others", () => {
  it("asks for both halves of an external database", () => {
    expect(messageOf({ postgres: { mode: "external" } })).toEqual([
      "  apprun:postgres.external: got nothing; allowed: host, port, adminUser and sslMode of the server; add it or set postgres.mode to container",
      "  apprun:postgresAdminPassword: got nothing; allowed: a secret with postgres.mode external; run: pulumi config set --secret apprun:postgresAdminPassword",
    ]);
  });

  it("asks for both halves of an own certificate", () => {
    expect(messageOf({ tls: { mode: "own" } })).toEqual([
      "  apprun:tlsCertificate: got nothing; allowed: a secret with tls.mode own; run: pulumi config set --secret apprun:tlsCertificate < its PEM file",
      "  apprun:tlsPrivateKey: got nothing; allowed: a secret with tls.mode own; run: pulumi config set --secret apprun:tlsPrivateKey < its PEM file",
    ]);
  });

  it("asks for all that Cloudflare needs", () => {
    expect(
      messageOf({ domain: "example.com", cloudflare: { enabled: true, zones: [{ name: "example.org" }] } }),
    ).toEqual([
      "  apprun:cloudflare.access.team: got nobody; allowed: who may enter what is for team, with cloudflare.enabled; set emailDomains, emails or serviceToken",
      "  apprun:cloudflare.accountId: got nothing; allowed: the account's id with cloudflare.enabled; copy it from the account's page",
      "  apprun:cloudflare.zones: got no zone of the domain example.com; allowed: a list with the zone that holds it; add the zone's name and id",
      "  apprun:cloudflareApiToken: got nothing; allowed: a secret with cloudflare.enabled; run: pulumi config set --secret apprun:cloudflareApiToken",
    ]);
  });

  it("asks who may enter a preview", () => {
    const cloudflare = {
      enabled: true,
      accountId: "0".repeat(32),
      zones: [{ name: "example.com" }],
      access: { team: { emailDomains: ["example.com"] } },
    };
    expect(
      messageOf({ domain: "pr-7.example.com", cloudflare }, "pr-7", { cloudflareApiToken: secret("token") }),
    ).toEqual([
      "  apprun:cloudflare.access.preview: got nobody; allowed: who may enter what is for preview, with cloudflare.enabled; set emailDomains, emails or serviceToken",
    ]);
  });

  it("keeps redirects from going round and origins from being open", () => {
    const cloudflare = {
      enabled: true,
      accountId: "0".repeat(32),
      zones: [{ name: "example.com" }],
      access: { team: { emailDomains: ["example.com"] } },
    };
    const token = { cloudflareApiToken: secret("token") };
    expect(
      messageOf(
        { domain: "example.com", proxy: { bind: "public" }, tls: { mode: "local-ca" }, cloudflare },
        "prod",
        token,
      ),
    ).toEqual([
      '  apprun:proxy.bind: got "public"; allowed: "loopback" with cloudflare.origin tunnel, which needs no open port; remove it or set cloudflare.origin to proxy',
      '  apprun:tls.mode: got "local-ca"; allowed: "off" with cloudflare.origin tunnel: TLS ends at Cloudflare, and a second redirect would never end; remove it',
    ]);
    expect(messageOf({ domain: "example.com", cloudflare: { ...cloudflare, origin: "proxy" } }, "prod", token)).toEqual(
      [
        "  apprun:cloudflare.address: got nothing; allowed: the host's address with cloudflare.origin proxy; set it, such as 203.0.113.7",
        '  apprun:proxy.bind: got "loopback"; allowed: "public" with HTTPS on port 443 and cloudflare.origin proxy; set proxy.bind and proxy.tlsPort, or cloudflare.origin to tunnel',
        '  apprun:tls.mode: got "off"; allowed: "origin" with cloudflare.origin proxy; set it, so that Cloudflare can check the host\'s certificate',
      ],
    );
  });

  it("refuses a secret in plain text without showing it", () => {
    const parse = () =>
      parseSettings({ project: "apprun", stack: "dev" }, { values: {}, secrets: {}, plainSecrets: ["smtpUri"] });
    expect(parse).toThrow(
      "Pulumi.dev.yaml has 1 problem:\n  apprun:smtpUri: got a plain text; allowed: an encrypted value; run: pulumi config set --secret apprun:smtpUri",
    );
  });
});
