import { z } from "zod";
import { oneOf } from "../../settings/kit/scalars.ts";
import { secretNamed } from "../../settings/kit/secret-named.ts";

const NAME = "names of letters, digits and underscores such as STRIPE_PUBLIC_KEY";
const TEMPLATE = 'a text such as "postgres://{database.user}:{database.password}@{database.host}/{database.name}"';
const PLAIN = "a text, a number, true or false, or { secret: NAME } with a name below apprun:secrets";

const named = <Value extends z.ZodType>(value: Value) =>
  z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, NAME), value, {
      error: ({ code }) => (code === "invalid_key" ? NAME : "a map of variables"),
    })
    .default({});
const as = () => oneOf("file", "variable").optional().describe("How a secret arrives; app.secretsAs when absent.");
const template = () => z.string({ error: TEMPLATE });

/** What the app is told, in variables. */
export const told = {
  env: named(
    z.union([z.string(), z.number(), z.boolean(), secretNamed({ as: as() })], {
      error: PLAIN,
    }),
  ).describe("Further variables of the app: plain ones, and secrets of apprun:secrets by name."),
  variablesPreset: oneOf("apprun", "public", "none")
    .default("apprun")
    .describe(
      "Names of what the platform tells the app. apprun: those of seeds 000 and 003; public: those of the public image, ghcr.io/websoft9/apprun; none: app.variables alone.",
    ),
  variables: named(
    z.union([template(), z.strictObject({ template: template(), as: as() })], { error: TEMPLATE }),
  ).describe("Variables from what the platform knows, by name; docs/your-app.md lists the names in braces."),
  secretsAs: oneOf("file", "variable")
    .optional()
    .describe(
      "How secrets arrive. file: in a file that NAME_FILE names; variable: in NAME itself, which `docker inspect` shows. file with the preset apprun, else variable.",
    ),
};

/** A variable with a secret in it. */
export type SecretArrives = "file" | "variable";
