import { z } from "zod";
import { origins } from "../../settings/kit/origin.ts";
import { resources } from "../../settings/kit/resources.ts";
import { count, flag, oneOf, text } from "../../settings/kit/scalars.ts";
import { projectFile } from "../kit/files-settings.ts";

const SCHEMA = 'a name of at most 50 small letters, digits and underscores such as "api"';
const SCHEMAS = 'a list of schemas such as ["api"]';
const FUNCTION = 'a function with its schema such as "api.check_request"';

/** The app's database as an API: PostgREST. */
export const postgrest = z
  .strictObject({
    enabled: flag().default(false),
    mode: oneOf("internal", "route")
      .default("internal")
      .describe(
        "internal: the app forwards requests to it. route: browsers reach it at /data of the stack's domain, and it sees paths without that.",
      ),
    replicas: count(1, 20).default(1),
    schemas: z
      .array(z.string({ error: SCHEMA }).regex(/^[a-z_][a-z0-9_]{0,49}$/, SCHEMA), { error: SCHEMAS })
      .min(1, SCHEMAS)
      .default(["api"])
      .describe("Schemas of the app's database that it serves, the usual one first. One that is not there is made."),
    anonymous: flag()
      .default(false)
      .describe("Whether it serves requests without a token, as the role anon. It refuses them otherwise."),
    jwks: projectFile()
      .optional()
      .meta({ examples: ["deploy/jwks.json"] })
      .describe("A JWKS of the project with the public keys that tokens are checked with; the app's key when absent."),
    audience: text("a name such as the stack's domain")
      .optional()
      .describe("What the claim aud of a token must name; every audience when absent."),
    preRequest: z
      .string({ error: FUNCTION })
      .regex(/^[a-z_]\w*\.[a-z_]\w*$/, FUNCTION)
      .optional()
      .meta({ examples: ["api.check_request"] })
      .describe("Function of the database that runs before each request, such as to set a tenant."),
    origins: origins().describe("Sites whose pages may call it besides the app's own."),
    pool: count(1, 100)
      .default(10)
      .describe("Connections to PostgreSQL of each replica. The limit of its role follows, with one replica more."),
    maxRows: count(1, 1_000_000).default(1000).describe("The most rows of one answer."),
    logLevel: oneOf("crit", "error", "warn", "info")
      .default("error")
      .describe("error: what failed inside; warn: what was refused too; info: every request."),
    resources: resources("500m", "128Mi", "50m", "32Mi"),
  })
  .prefault({});
