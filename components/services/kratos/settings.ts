import { z } from "zod";
import { projectFile } from "../kit/files-settings.ts";
import { resources } from "../../settings/kit/resources.ts";
import { count, duration, oneOf, text } from "../../settings/kit/scalars.ts";
import { methods, named, provider, webHook, webUrl } from "./login-settings.ts";

/** The identity schema that is there without settings. */
export const USER_SCHEMA = "user";

const TEMPLATE = 'paths below Kratos\' own templates such as "recovery_code/valid/email.body.gotmpl"';
const TEMPLATES = /^(recovery|verification|login|registration)(_code)?\/(valid|invalid)\/[\w.]+\.gotmpl$/;

/** Identities and sessions. */
export const kratos = z
  .strictObject({
    mailFrom: z
      .email({ error: 'a mail address such as "noreply@example.com"; the name beside it is kratos.displayName' })
      .optional()
      .describe("Sender of mails; the secret smtpUri says how they are sent."),
    displayName: text("a name that users know")
      .optional()
      .describe(
        "Name that mails, authenticator apps and passkeys show; the domain, and no name in mails, when absent.",
      ),
    mailTemplates: z
      .record(z.string().regex(TEMPLATES, TEMPLATE), projectFile(), {
        error: ({ code }) => (code === "invalid_key" ? TEMPLATE : "a map of files"),
      })
      .meta({ examples: [{ "recovery_code/valid/email.body.gotmpl": "login/recovery.gotmpl" }] })
      .default({})
      .describe("Files of the project in place of Kratos' own templates of mails, by path; the others stay."),
    identitySchemas: named("identity schemas", projectFile())
      .meta({ examples: [{ customer: "login/customer.schema.json" }] })
      .describe(
        `JSON schemas of identities, files of the project, by name. "${USER_SCHEMA}" replaces the one that is there without settings.`,
      ),
    defaultSchema: text("a name of kratos.identitySchemas")
      .default(USER_SCHEMA)
      .describe("Schema of those who register. Identities keep theirs, so a schema that some have must stay."),
    methods,
    providers: named("providers", provider).describe("Sign in with the account of another site."),
    returnUrls: z
      .array(webUrl(), { error: 'a list of URLs such as ["https://www.example.com/"]' })
      .default([])
      .describe("Pages besides the app's that users may be sent back to; their scripts may ask the login too."),
    webHooks: named("web hooks", webHook).describe("Calls to the app or to others when a flow begins or ends."),
    config: z
      .record(z.string(), z.unknown(), { error: "a map of Kratos' own settings" })
      .meta({ examples: [{ session: { whoami: { required_aal: "highest_available" } } }] })
      .default({})
      .describe("Anything else of kratos.yml that neither is a setting of its own nor undoes what is safe."),
    replicas: count(1, 20).default(1),
    sessionLifespan: duration().default("24h"),
    sessionCookie: oneOf("login", "domain")
      .default("login")
      .describe(
        "Which hosts get the cookies of sessions and forms from browsers: the login's alone (login), or the stack's domain and all below it (domain). With domain the app and its API see the session, and the app's server can draw the login's pages.",
      ),
    resources: resources("500m", "256Mi", "100m", "128Mi"),
  })
  .prefault({});

export type KratosSettings = z.output<typeof kratos>;
