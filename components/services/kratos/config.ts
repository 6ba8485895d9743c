import { all, interpolate, type Output } from "@pulumi/pulumi";
import { stringify } from "yaml";
import { databaseUrl, poolSize, type Database } from "../postgres/database.ts";
import type { SecretValues } from "../kit/secrets.ts";
import { KRATOS_ADMIN_PORT } from "./index.ts";
import { schemaNames, schemaPath, TEMPLATES_DIRECTORY } from "./files.ts";
import { flowHooks, hookSecrets } from "./hooks.ts";
import { merge } from "../../settings/kit/merge.ts";
import { methodsOf } from "./methods.ts";
import { providerList, providerSecrets } from "./providers.ts";
import type { KratosSettings } from "./settings.ts";

/** What the settings say of the login itself. */
export type LoginSettings = Pick<
  KratosSettings,
  | "config"
  | "defaultSchema"
  | "displayName"
  | "identitySchemas"
  | "mailTemplates"
  | "methods"
  | "providers"
  | "returnUrls"
  | "webHooks"
>;

export interface KratosConfigArgs {
  /** Version of the program that reads it: its image's tag. */
  readonly version: string;
  readonly publicUrl: string;
  readonly appUrl: string;
  readonly sessionLifespan: string;
  /** The host whose pages, and those of every host below it, get the cookies of sessions and forms. @default - the login's own alone */
  readonly cookieDomain?: string | undefined;
  readonly mail?: { readonly from: string } | undefined;
  readonly login: LoginSettings;
  /** Where the app listens inside of the stack. */
  readonly appInside: string;
}

/** kratos.yml without a secret. */
export function kratosConfiguration(args: KratosConfigArgs): string {
  const { version, publicUrl, appUrl, sessionLifespan, cookieDomain, mail, login } = args;
  const page = (path: string) => `${appUrl}${path}`;
  const hooks = flowHooks({ ...login, appInside: args.appInside });
  const origins = [appUrl, ...login.returnUrls].map((url) => new URL(url).origin);
  const configuration = {
    version,
    serve: {
      public: { base_url: publicUrl, cors: { enabled: true, allowed_origins: [...new Set(origins)] } },
      admin: { base_url: `http://127.0.0.1:${KRATOS_ADMIN_PORT}/` },
    },
    selfservice: {
      default_browser_return_url: appUrl,
      allowed_return_urls: [appUrl, ...login.returnUrls],
      methods: methodsOf(login, { appUrl, sendsMail: mail !== undefined }),
      flows: {
        error: { ui_url: page("auth/error") },
        login: { ui_url: page("auth/login"), lifespan: "10m", ...hooks["login"] },
        registration: { ui_url: page("auth/registration"), lifespan: "10m", ...hooks["registration"] },
        settings: { ui_url: page("auth/settings"), privileged_session_max_age: "15m", ...hooks["settings"] },
        recovery: { enabled: mail !== undefined, ui_url: page("auth/recovery"), ...hooks["recovery"] },
        verification: { enabled: mail !== undefined, ui_url: page("auth/verification"), ...hooks["verification"] },
        logout: { after: { default_browser_return_url: appUrl } },
      },
    },
    // That of forms too: a page that the app's server draws sends it along when it asks for the form.
    ...(cookieDomain !== undefined && { cookies: { domain: cookieDomain } }),
    session: { lifespan: sessionLifespan },
    identity: {
      default_schema_id: login.defaultSchema,
      schemas: schemaNames(login).map((id) => ({ id, url: `file://${schemaPath(id)}` })),
    },
    hashers: { algorithm: "bcrypt", bcrypt: { cost: 12 } },
    ciphers: { algorithm: "xchacha20-poly1305" },
    log: { level: "info", format: "json", leak_sensitive_values: false },
    ...(mail && { courier: courier(mail, login) }),
  };
  return stringify(merge(configuration, login.config), { aliasDuplicateObjects: false });
}

function courier({ from }: { readonly from: string }, { displayName, mailTemplates }: LoginSettings) {
  return {
    smtp: { from_address: from, ...(displayName !== undefined && { from_name: displayName }) },
    ...(Object.keys(mailTemplates).length > 0 && { template_override_path: TEMPLATES_DIRECTORY }),
  };
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
  readonly login: LoginSettings;
  readonly appInside: string;
  /** The operator's secrets by name. */
  readonly ownSecrets: Readonly<Record<string, Output<string>>>;
}

/** The part of kratos.yml that is secret. */
export function kratosSecrets(args: KratosSecretsArgs): Output<string> {
  const { database, replicas, cookies, ciphers, pagination, smtpUri, login } = args;
  const url = interpolate`${databaseUrl(database)}&max_conns=${poolSize(database, replicas)}`;
  const keys = all([all([...cookies]), all([...ciphers]), all([...(pagination ?? [])])]);
  const own = all(used(args));
  return all([url, keys, smtpUri, own]).apply(([dsn, [cookie, cipher, page], uri, values]) => {
    const flows = flowHooks({ ...login, appInside: args.appInside }, values);
    const providers = providerList(login.providers, values);
    const selfservice = {
      ...(providers.length > 0 && { methods: { oidc: { config: { providers } } } }),
      ...(Object.keys(flows).length > 0 && { flows }),
    };
    const parts = {
      dsn,
      secrets: { cookie, cipher, ...(page.length > 0 && { pagination: page }) },
      ...(uri !== undefined && { courier: { smtp: { connection_uri: uri } } }),
      ...(Object.keys(selfservice).length > 0 && { selfservice }),
    };
    return stringify(parts, { aliasDuplicateObjects: false });
  });
}

/** Those of the operator's secrets that it needs. */
function used({ login, ownSecrets }: KratosSecretsArgs): Record<string, Output<string>> {
  const names = [...providerSecrets(login.providers), ...hookSecrets(login.webHooks)];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = ownSecrets[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
