import { all, interpolate, type Output } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { ConfigFile } from "../../model/workload.ts";
import { databaseUrl, poolSize, type Database } from "../postgres/database.ts";
import type { SecretValues } from "../kit/secrets.ts";
import identitySchema from "./identity.schema.json" with { type: "json" };

const IDENTITY_SCHEMA_PATH = "/etc/config/kratos/identity.schema.json";

export function identitySchemaFile(): ConfigFile {
  return { path: IDENTITY_SCHEMA_PATH, content: `${JSON.stringify(identitySchema, null, 2)}\n` };
}

export interface KratosConfigArgs {
  /** Version of the program that reads it: its image's tag. */
  readonly version: string;
  readonly publicUrl: string;
  readonly appUrl: string;
  readonly sessionLifespan: string;
  /** The host whose pages, and those of every host below it, get the session's cookie. @default - the login's own alone */
  readonly cookieDomain?: string | undefined;
  readonly mail?: { readonly from: string } | undefined;
}

/** kratos.yml without a secret. */
export function kratosConfiguration({
  version,
  publicUrl,
  appUrl,
  sessionLifespan,
  cookieDomain,
  mail,
}: KratosConfigArgs): string {
  const page = (path: string) => `${appUrl}${path}`;
  return stringify({
    version,
    serve: {
      public: { base_url: publicUrl, cors: { enabled: true, allowed_origins: [appUrl.replace(/\/$/, "")] } },
      admin: { base_url: "http://127.0.0.1:4434/" },
    },
    selfservice: {
      default_browser_return_url: appUrl,
      allowed_return_urls: [appUrl],
      methods: {
        password: { enabled: true },
        link: { enabled: mail !== undefined },
        code: { enabled: mail !== undefined },
      },
      flows: {
        error: { ui_url: page("auth/error") },
        login: { ui_url: page("auth/login"), lifespan: "10m" },
        registration: {
          ui_url: page("auth/registration"),
          lifespan: "10m",
          after: { password: { hooks: [{ hook: "session" }] } },
        },
        settings: { ui_url: page("auth/settings"), privileged_session_max_age: "15m" },
        recovery: { enabled: mail !== undefined, ui_url: page("auth/recovery") },
        verification: { enabled: mail !== undefined, ui_url: page("auth/verification") },
        logout: { after: { default_browser_return_url: appUrl } },
      },
    },
    session: { lifespan: sessionLifespan, ...(cookieDomain !== undefined && { cookie: { domain: cookieDomain } }) },
    identity: { default_schema_id: "user", schemas: [{ id: "user", url: `file://${IDENTITY_SCHEMA_PATH}` }] },
    hashers: { algorithm: "bcrypt", bcrypt: { cost: 12 } },
    ciphers: { algorithm: "xchacha20-poly1305" },
    log: { level: "info", format: "json", leak_sensitive_values: false },
    ...(mail && { courier: { smtp: { from_address: mail.from } } }),
  });
}

export interface KratosSecretsArgs {
  readonly database: Database;
  /** How many share the database's connections. */
  readonly replicas: number;
  /** The first signs, all of them verify. */
  readonly cookies: SecretValues;
  /** The first encrypts, all of them decrypt; exactly 32 characters each. */
  readonly ciphers: SecretValues;
  /** The first encrypts tokens of pages, all of them decrypt. @default - a version that knows no such secret */
  readonly pagination?: SecretValues | undefined;
  readonly smtpUri: Output<string | undefined>;
}

/** The part of kratos.yml that is secret. */
export function kratosSecrets({
  database,
  replicas,
  cookies,
  ciphers,
  pagination,
  smtpUri,
}: KratosSecretsArgs): Output<string> {
  const url = interpolate`${databaseUrl(database)}&max_conns=${poolSize(database, replicas)}`;
  const keys = all([all([...cookies]), all([...ciphers]), all([...(pagination ?? [])])]);
  return all([url, keys, smtpUri]).apply(([dsn, [cookie, cipher, page], uri]) =>
    stringify({
      dsn,
      secrets: { cookie, cipher, ...(page.length > 0 && { pagination: page }) },
      ...(uri !== undefined && { courier: { smtp: { connection_uri: uri } } }),
    }),
  );
}
