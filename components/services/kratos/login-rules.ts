import { problem, type Rule, type Slice } from "../../settings/kit/rule.ts";
import { registeringMethods } from "./hooks.ts";
import { hasCredential, schemaFault } from "./identity-schema.ts";
import type { PROVIDERS } from "./login-settings.ts";
import { USER_SCHEMA, type kratos } from "./settings.ts";
import { neededCredentials } from "./user-schema.ts";

type Read = Slice<{ kratos: typeof kratos }> & { readonly projectFiles: Readonly<Record<string, string>> };

/** Providers of which Kratos does not know where they are. */
const NEEDS_ISSUER: readonly (typeof PROVIDERS)[number][] = ["auth0", "generic", "salesforce"];

/** What the settings of the login need of each other. */
export const loginRules: readonly Rule<Read>[] = [
  ({ kratos: { identitySchemas, defaultSchema } }) =>
    defaultSchema === USER_SCHEMA || Object.hasOwn(identitySchemas, defaultSchema)
      ? undefined
      : problem(
          "kratos.defaultSchema",
          JSON.stringify(defaultSchema),
          `"${USER_SCHEMA}" or a name of kratos.identitySchemas`,
          "change it",
        ),
  ({ kratos: { identitySchemas }, projectFiles }) =>
    Object.entries(identitySchemas).flatMap(([name, path]) => {
      const text = projectFiles[path];
      const fault = text === undefined ? undefined : schemaFault(text);
      return fault === undefined
        ? []
        : problem(
            `kratos.identitySchemas.${name}`,
            `${path}, at ${fault.at} ${fault.got}`,
            fault.allowed,
            "change the file",
          );
    }),
  ({ kratos: { identitySchemas, defaultSchema, methods }, projectFiles }) => {
    const path = identitySchemas[defaultSchema];
    const text = path === undefined ? undefined : projectFiles[path];
    if (path === undefined || text === undefined || schemaFault(text) !== undefined) return undefined;
    return Object.entries(neededCredentials(methods)).flatMap(([method, credential]) =>
      method === "totp" || hasCredential(text, method)
        ? []
        : problem(
            `kratos.identitySchemas.${defaultSchema}`,
            `${path} without a trait that users are known by to ${method}`,
            `a trait with "ory.sh/kratos": ${JSON.stringify({ credentials: { [method]: credential } })}`,
            `change the file, or switch kratos.methods.${method} off`,
          ),
    );
  },
  ({ kratos }) =>
    registeringMethods(kratos).length > 0
      ? undefined
      : problem(
          "kratos.methods",
          "no way to register and log in",
          "password, code: login, webauthn: login, passkey or a provider",
          "switch one on",
        ),
  ({ kratos: { methods, mailFrom } }) =>
    methods.code !== "off" && mailFrom === undefined
      ? problem(
          "kratos.methods.code",
          JSON.stringify(methods.code),
          '"off" without kratos.mailFrom',
          "set kratos.mailFrom and the secret smtpUri",
        )
      : undefined,
  ({ kratos: { mailTemplates, mailFrom } }) =>
    Object.keys(mailTemplates).length > 0 && mailFrom === undefined
      ? problem("kratos.mailTemplates", "a map", "nothing without kratos.mailFrom", "set kratos.mailFrom or remove it")
      : undefined,
  ({ kratos: { providers } }) =>
    Object.entries(providers).flatMap(([name, { provider, issuerUrl, tenant }]) => [
      ...(NEEDS_ISSUER.includes(provider) && issuerUrl === undefined
        ? [problem(`kratos.providers.${name}.issuerUrl`, "nothing", `an URL with the provider ${provider}`, "set it")]
        : []),
      ...((provider === "microsoft") === (tenant !== undefined)
        ? []
        : [
            problem(
              `kratos.providers.${name}.tenant`,
              tenant === undefined ? "nothing" : JSON.stringify(tenant),
              provider === "microsoft" ? "a directory such as common" : `nothing with the provider ${provider}`,
              tenant === undefined ? "set it" : "remove it",
            ),
          ]),
    ]),
  ({ kratos: { webHooks } }) =>
    Object.entries(webHooks).flatMap(([name, { when, answer }]) =>
      when === "before" && answer === "parse"
        ? problem(`kratos.webHooks.${name}.answer`, '"parse"', '"wait" or "ignore" before a flow', "change it")
        : [],
    ),
];
