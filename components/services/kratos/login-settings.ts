import { z } from "zod";
import { projectFile } from "../kit/files-settings.ts";
import { flag, oneOf, text } from "../../settings/kit/scalars.ts";
import { secretNamed } from "../../settings/kit/secret-named.ts";

/** Names that stand in file names and in the addresses that providers send users back to. */
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const names = (kind: string) => `${kind} named in small letters, digits and hyphens`;

/** A map by names of the operator's. */
export const named = <T extends z.ZodType>(kind: string, value: T) =>
  z
    .record(z.string().regex(NAME, names(kind)), value, {
      error: ({ code }) => (code === "invalid_key" ? names(kind) : `a map of ${kind}`),
    })
    .default({});

export const methods = z
  .strictObject({
    password: flag().default(true),
    code: oneOf("off", "login", "second-factor")
      .default("off")
      .describe("Codes by mail besides those for recovery and verification; only with kratos.mailFrom."),
    totp: flag().default(false).describe("Codes of an authenticator app as a second factor."),
    lookupSecrets: flag().default(false).describe("Codes that users keep for the day they lose their second factor."),
    webauthn: oneOf("off", "login", "second-factor").default("off").describe("Security keys."),
    passkey: flag().default(false).describe("Passkeys in place of a password."),
  })
  .prefault({})
  .describe("How users show who they are.");

const WEB = /^https?:\/\/(?!\*)[\w.-]+(:\d+)?(\/[\w./~%-]*)?$/;
const WEB_URL = 'an URL without wildcards such as "https://app.example.com/"';
export const webUrl = () => z.string({ error: WEB_URL }).regex(WEB, WEB_URL);

const SECURE = /^https:\/\/\S+$/;
const SECURE_URL = 'an URL such as "https://login.example.com"';
const secureUrl = () => z.string({ error: SECURE_URL }).regex(SECURE, SECURE_URL);

const SCOPES = 'a list of scopes such as ["email", "profile"]';

export const PROVIDERS = [
  "amazon",
  "auth0",
  "discord",
  "facebook",
  "generic",
  "github",
  "gitlab",
  "google",
  "linkedin_v2",
  "microsoft",
  "netid",
  "patreon",
  "salesforce",
  "slack",
  "spotify",
  "x",
] as const;

export const provider = z.strictObject({
  provider: oneOf(...PROVIDERS).describe("Whose it is; generic for every other one that speaks OpenID Connect."),
  clientId: text("the client's name at the provider").meta({ examples: ["shop"] }),
  clientSecret: secretNamed({}).describe("The client's secret: { secret: NAME } of apprun:secrets."),
  label: text("a text for the button")
    .meta({ examples: ["Company account"] })
    .optional()
    .describe("What the button says; its name when absent."),
  issuerUrl: secureUrl().optional().describe("Needed by auth0, generic and salesforce."),
  authUrl: secureUrl().optional(),
  tokenUrl: secureUrl().optional(),
  scopes: z
    .array(text(SCOPES), { error: SCOPES })
    .optional()
    .describe("What is asked for beside the identity; openid and email where absent, which google and generic need."),
  mapper: projectFile()
    .optional()
    .describe("Jsonnet file of the project that makes traits of claims; the verified mail address alone when absent."),
  requestedClaims: z
    .record(z.string(), z.unknown(), { error: "a map of claims" })
    .meta({ examples: [{ id_token: { email: { essential: true } } }] })
    .optional()
    .describe("The OpenID Connect parameter claims."),
  claimsSource: oneOf("id_token", "userinfo").optional(),
  tenant: text("a directory such as common")
    .meta({ examples: ["common"] })
    .optional()
    .describe("Directory of Microsoft."),
  subjectSource: oneOf("userinfo", "me", "oid").optional().describe("Only with the provider microsoft."),
  pkce: oneOf("auto", "force", "never").optional(),
  audiences: z
    .array(text("a client's name"), { error: "a list of clients' names" })
    .meta({ examples: [["shop-ios"]] })
    .optional()
    .describe("Further clients whose tokens are taken, such as those of mobile apps."),
});

export type ProviderSettings = z.output<typeof provider>;

const HOOK_URL = 'a path of the app such as "/hooks/registered", or an URL that begins with https://';
const HEADER = 'the name of a header such as "Authorization"';

export const webHook = z
  .strictObject({
    flow: oneOf("registration", "login", "settings", "recovery", "verification"),
    when: oneOf("before", "after").default("after"),
    url: z
      .string({ error: HOOK_URL })
      .regex(/^(\/[\w./~%?=&-]*|https:\/\/\S+)$/, HOOK_URL)
      .describe("Who is called: a path of the app, inside of the stack, or an address outside."),
    method: oneOf("POST", "PUT", "PATCH", "GET").default("POST"),
    body: projectFile()
      .optional()
      .describe("Jsonnet file of the project that makes the body; the flow's id and the identity when absent."),
    answer: oneOf("wait", "ignore", "parse")
      .default("wait")
      .describe(
        "wait: a failed call ends the flow; ignore: it goes on at once; parse: the answer may change the identity or refuse the flow.",
      ),
    auth: secretNamed({ header: z.string({ error: HEADER }).regex(/^[A-Za-z][\w-]*$/, HEADER) })
      .optional()
      .describe("Header with a secret of apprun:secrets: { secret: NAME, header: Authorization }."),
  })
  .describe("A call when a flow begins or ends.");

export type WebHookSettings = z.output<typeof webHook>;
