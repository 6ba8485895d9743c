import { output, secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { z } from "zod";
import { kratosConfiguration, kratosSecrets } from "../../../components/services/kratos/config.ts";
import { loginFiles } from "../../../components/services/kratos/files.ts";
import type { provider } from "../../../components/services/kratos/login-settings.ts";
import { kratos as settings } from "../../../components/services/kratos/settings.ts";
import own from "../../../components/services/kratos/identity.schema.json" with { type: "json" };
import { database, valueOf } from "../../support/record/databases.ts";

type Given = z.input<typeof settings>;

const ARGS = {
  version: "v26.2.0",
  publicUrl: "https://auth.shop.example.com/",
  appUrl: "https://shop.example.com/",
  sessionLifespan: "24h",
  appInside: "http://apprun:8080",
} as const;

function configuration(given: Given, mail?: { from: string }) {
  return parse(kratosConfiguration({ ...ARGS, mail, login: settings.parse(given) })) as {
    selfservice: { methods: object; flows: Record<string, object>; allowed_return_urls: string[] };
    serve: { public: { cors: { allowed_origins: string[] } } };
    identity: object;
    courier?: object;
    security?: object;
  };
}

async function secrets(given: Given, ownSecrets: Record<string, string>) {
  const text = await valueOf(
    kratosSecrets({
      database,
      replicas: 1,
      cookies: [secret("c")],
      ciphers: [secret("k")],
      smtpUri: output(undefined),
      login: settings.parse(given),
      appInside: ARGS.appInside,
      ownSecrets: Object.fromEntries(Object.entries(ownSecrets).map(([name, value]) => [name, secret(value)])),
    }),
  );
  return parse(text) as { selfservice?: object };
}

const GOOGLE = { provider: "google", clientId: "shop", clientSecret: { secret: "google" } } as const;
const TOLD = { flow: "registration", url: "/hooks/registered" } as const;

describe("the login of an app", () => {
  it("has the schemas of the project beside the one that identities may have already", () => {
    const given = { identitySchemas: { customer: "login/customer.json" }, defaultSchema: "customer" };
    expect(configuration(given).identity).toEqual({
      default_schema_id: "customer",
      schemas: [
        { id: "user", url: "file:///etc/config/kratos/identity.schema.json" },
        { id: "customer", url: "file:///etc/config/kratos/schemas/customer.schema.json" },
      ],
    });
    const files = loginFiles(settings.parse(given), { "login/customer.json": "{}" });
    expect(files.map(({ path }) => path)).toEqual([
      "/etc/config/kratos/identity.schema.json",
      "/etc/config/kratos/schemas/customer.schema.json",
    ]);
    expect(files[1]?.content).toBe("{}");
  });

  it("knows users by their mail address to each method that is on", () => {
    const schemaOf = (methods: NonNullable<Given>["methods"]) =>
      JSON.parse(loginFiles(settings.parse({ methods }), {})[0]?.content as string) as object;
    const credentials = (each: object) => ({
      properties: { traits: { properties: { email: { "ory.sh/kratos": { credentials: each } } } } },
    });
    expect(schemaOf({})).toEqual(own);
    expect(schemaOf({ code: "login", webauthn: "second-factor", passkey: true, totp: true })).toMatchObject(
      credentials({
        password: { identifier: true },
        code: { identifier: true, via: "email" },
        webauthn: { identifier: true },
        passkey: { display_name: true },
        totp: { account_name: true },
      }),
    );
  });

  it("takes a schema called user in place of its own", () => {
    const given = { identitySchemas: { user: "login/user.json" } };
    expect(loginFiles(settings.parse(given), { "login/user.json": "{}" })).toEqual([
      { path: "/etc/config/kratos/identity.schema.json", content: "{}" },
    ]);
  });

  it("has the methods that are switched on, under the name that users know", () => {
    const all = { totp: true, lookupSecrets: true, webauthn: "second-factor", passkey: true, code: "login" } as const;
    const from = { from: "noreply@example.com" };
    const { selfservice, courier } = configuration({ methods: all, displayName: "Example Shop" }, from);
    const rp = { id: "shop.example.com", display_name: "Example Shop", origins: ["https://shop.example.com"] };
    expect(selfservice.methods).toEqual({
      password: { enabled: true },
      link: { enabled: true },
      code: { enabled: true, passwordless_enabled: true },
      totp: { enabled: true, config: { issuer: "Example Shop" } },
      lookup_secret: { enabled: true },
      webauthn: { enabled: true, config: { passwordless: false, rp } },
      passkey: { enabled: true, config: { rp } },
    });
    expect(courier).toEqual({ smtp: { from_address: "noreply@example.com", from_name: "Example Shop" } });
    const session = { hooks: [{ hook: "session" }] };
    expect(selfservice.flows["registration"]).toMatchObject({
      after: { password: session, code: session, passkey: session },
    });
  });

  it("hands providers to Kratos with their secrets in the secret file alone", async () => {
    const okta: z.input<typeof provider> = {
      provider: "generic",
      clientId: "okta",
      clientSecret: { secret: "okta" },
      issuerUrl: "https://example.okta.com",
      scopes: ["openid", "profile"],
      claimsSource: "userinfo",
      mapper: "login/okta.jsonnet",
    };
    const given = { providers: { okta, google: GOOGLE } };
    const plain = kratosConfiguration({ ...ARGS, login: settings.parse(given) });
    expect(parse(plain)).toMatchObject({ selfservice: { methods: { oidc: { enabled: true } } } });
    expect(plain).not.toContain("client_");
    expect((await secrets(given, { google: "g-secret", okta: "o-secret", other: "x" })).selfservice).toEqual({
      methods: {
        oidc: {
          config: {
            providers: [
              {
                id: "google",
                provider: "google",
                client_id: "shop",
                client_secret: "g-secret",
                mapper_url: "file:///etc/config/kratos/provider.jsonnet",
                scope: ["openid", "email"],
              },
              {
                id: "okta",
                provider: "generic",
                client_id: "okta",
                client_secret: "o-secret",
                mapper_url: "file:///etc/config/kratos/providers/okta.jsonnet",
                issuer_url: "https://example.okta.com",
                scope: ["openid", "profile"],
                claims_source: "userinfo",
              },
            ],
          },
        },
      },
    });
    const files = loginFiles(settings.parse(given), { "login/okta.jsonnet": "{}" });
    expect(files.map(({ path }) => path)).toEqual([
      "/etc/config/kratos/identity.schema.json",
      "/etc/config/kratos/provider.jsonnet",
      "/etc/config/kratos/providers/okta.jsonnet",
    ]);
  });

  it("calls the app in a flow, before whoever registers is logged in", () => {
    const given = { webHooks: { told: { ...TOLD, answer: "ignore" as const } } };
    expect(configuration(given).selfservice.flows["registration"]).toMatchObject({
      after: {
        password: {
          hooks: [
            {
              hook: "web_hook",
              config: {
                url: "http://apprun:8080/hooks/registered",
                method: "POST",
                body: "file:///etc/config/kratos/web-hook.jsonnet",
                response: { ignore: true },
              },
            },
            { hook: "session" },
          ],
        },
      },
    });
  });

  it("keeps a list of calls whole in the secret file when one of them carries a secret", async () => {
    const auth = { secret: "hook", header: "X-Token" };
    const given: Given = { webHooks: { told: { ...TOLD, auth }, asked: { ...TOLD, flow: "login", when: "before" } } };
    const { flows } = configuration(given).selfservice;
    expect(flows["registration"]).toMatchObject({ after: { password: { hooks: [{ hook: "session" }] } } });
    expect(flows["login"]).toMatchObject({ before: { hooks: [{ hook: "web_hook" }] } });
    const secretAuth = { type: "api_key", config: { name: "X-Token", value: "t0ken", in: "header" } };
    expect((await secrets(given, { hook: "t0ken" })).selfservice).toMatchObject({
      flows: {
        registration: { after: { password: { hooks: [{ config: { auth: secretAuth } }, { hook: "session" }] } } },
      },
    });
    expect((await secrets({}, {})).selfservice).toBeUndefined();
  });

  it("sends users back to further pages, whose scripts may ask it", () => {
    const { selfservice, serve } = configuration({ returnUrls: ["https://www.shop.example.com/welcome"] });
    expect(selfservice.allowed_return_urls).toEqual([
      "https://shop.example.com/",
      "https://www.shop.example.com/welcome",
    ]);
    expect(serve.public.cors.allowed_origins).toEqual(["https://shop.example.com", "https://www.shop.example.com"]);
  });

  it("takes other settings of Kratos over its own", () => {
    const config = {
      security: { account_enumeration: { mitigate: true } },
      selfservice: { flows: { login: { style: "identifier_first" } } },
    };
    const { security, selfservice } = configuration({ config });
    expect(security).toEqual(config.security);
    expect(selfservice.flows["login"]).toEqual({
      ui_url: "https://shop.example.com/auth/login",
      lifespan: "10m",
      style: "identifier_first",
    });
  });
});
