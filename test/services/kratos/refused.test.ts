import { describe, expect, it } from "vitest";
import { refusedConfig } from "../../../components/services/kratos/extra-config.ts";
import { schemaFault } from "../../../components/services/kratos/identity-schema.ts";
import own from "../../../components/services/kratos/identity.schema.json" with { type: "json" };
import { messageOf } from "../../support/record/settings.ts";

/** A map with one value at a path. */
const at = (path: string, value: unknown): Record<string, unknown> =>
  path.split(".").reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Record<string, unknown>;

describe("kratos.config", () => {
  it.each([
    ["dsn", "memory"],
    ["dev", true],
    ["secrets.cookie", ["x"]],
    ["serve.admin.host", "0.0.0.0"],
    ["serve.public.tls.enabled", false],
    ["ciphers.algorithm", "noop"],
    ["identity.default_schema_id", "x"],
    ["cookies.secure", "0"],
    ["cookies.domain", "com"],
    ["cookies.same_site", "None"],
    ["session.cookie.secure", "0"],
    ["session.cookie.same_site", "None"],
    ["session.lifespan", "9000h"],
    ["session.whoami.tokenizer.templates.jwt.jwks_url", "base64://x"],
    ["hashers.algorithm", "argon2"],
    ["hashers.bcrypt.cost", 4],
    ["hashers.argon2.iterations", 1],
    ["log.leak_sensitive_values", true],
    ["log.level", "trace"],
    ["courier.smtp.connection_uri", "smtp://a:b@mail.example.com"],
    ["courier.http.request_config.url", "https://mail.example.net"],
    ["selfservice.allowed_return_urls", ["https://evil.example.net"]],
    ["selfservice.methods.oidc.config.providers", [{ client_secret: "x" }]],
    ["selfservice.methods.password.enabled", false],
    ["selfservice.methods.password.config.min_password_length", 6],
    ["selfservice.methods.password.config.migrate_hook.enabled", true],
    ["selfservice.flows.login.after.password.hooks", [{ hook: "revoke_active_sessions" }]],
    ["selfservice.flows.login.ui_url", "https://evil.example.net/login"],
    ["selfservice.flows.login.after.default_browser_return_url", "https://shop.example.com.evil.example.net/"],
    ["oauth2_provider.headers.Authorization", "Bearer x"],
    ["security.account_enumeration.mitigate", false],
  ])("refuses %s: %j", (path, value) => {
    const problems = refusedConfig(at(path, value), "shop.example.com");
    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toMatch(new RegExp(`^kratos\\.config\\.${path.replaceAll(".", "\\.")}(\\.|$)`));
  });

  it.each([
    ["security.account_enumeration.mitigate", true],
    ["hashers.bcrypt.cost", 14],
    ["log.level", "warning"],
    ["selfservice.flows.login.ui_url", "https://www.shop.example.com/login"],
    ["selfservice.flows.registration.enabled", false],
    ["selfservice.methods.password.config.min_password_length", 12],
    ["session.whoami.required_aal", "highest_available"],
    ["session.cookie.persistent", false],
    ["cookies.same_site", "Strict"],
  ])("takes %s: %j", (path, value) => {
    expect(refusedConfig(at(path, value), "shop.example.com")).toEqual([]);
  });

  it("never shows what may be a secret", () => {
    expect(messageOf({ kratos: { config: at("courier.smtp.connection_uri", "smtp://a:hunter2@mail") } })).toEqual([
      "  apprun:kratos.config.courier.smtp.connection_uri: got a value; allowed: no secret in a plain file; remove it",
    ]);
  });
});

describe("an identity schema", () => {
  const traits = (properties: unknown, more: object = {}) =>
    JSON.stringify({ type: "object", properties: { traits: { type: "object", properties, ...more } } });
  const email = (extension: unknown) => traits({ email: { type: "string", "ory.sh/kratos": extension } });

  it("is taken as the program's own", () => {
    expect(schemaFault(JSON.stringify(own))).toBeUndefined();
  });

  it.each([
    ["{", "/", "no JSON"],
    ["[]", "/", "no object"],
    [JSON.stringify({ type: "object" }), "/properties/traits/properties", "nothing"],
    [traits({}), "/properties/traits/properties", "nothing"],
    [traits({ email: { type: "text" } }), "/properties/traits/properties/email/type", "a value that"],
    [traits({ age: { type: "number", minimum: "1" } }), "/properties/traits/properties/age/minimum", "must be number"],
    [email({ credential: {} }), "/properties/traits/properties/email/ory.sh~1kratos", "the key credential"],
    [
      email({ verification: { via: "post" } }),
      "/properties/traits/properties/email/ory.sh~1kratos/verification/via",
      "another value",
    ],
  ])("%s is refused at %s", (text, place, got) => {
    expect(schemaFault(text)).toMatchObject({ at: place, got: expect.stringContaining(got) as string });
  });
});

describe("settings of the login", () => {
  it.each([
    [{ defaultSchema: "customer" }, 'kratos.defaultSchema: got "customer"'],
    [{ methods: { password: false } }, "kratos.methods: got no way to register and log in"],
    [{ methods: { code: "login" } }, 'kratos.methods.code: got "login"; allowed: "off" without kratos.mailFrom'],
    [{ returnUrls: ["https://*.example.com"] }, "kratos.returnUrls.0: got"],
    [{ mailFrom: "Example Shop <noreply@example.com>" }, "the name beside it is kratos.displayName"],
    [
      { providers: { okta: { provider: "generic", clientId: "x", clientSecret: { secret: "none" } } } },
      "kratos.providers.okta.clientSecret.secret",
    ],
    [
      { providers: { okta: { provider: "generic", clientId: "x", clientSecret: "plain" } } },
      "kratos.providers.okta.clientSecret: got",
    ],
    [
      { identitySchemas: { user: "login/none.json" } },
      'kratos.identitySchemas.user: got "login/none.json", which is not',
    ],
    [{ webHooks: { told: { flow: "login", url: "http://example.com" } } }, "kratos.webHooks.told.url: got"],
    [{ config: { dsn: "memory" } }, 'kratos.config.dsn: got "memory"'],
  ])("%j: %s", (kratos, message) => {
    expect(messageOf({ kratos }).join("\n")).toContain(message);
  });
});
