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
const template = () => z.string({ error: TEMPLATE });

/** What a program is told, in variables. `path` is that of its settings, with a placeholder where they have names. */
export const toldSettings = (path: string, whose: string) => {
  const as = () =>
    oneOf("file", "variable").optional().describe(`How a secret arrives; ${path}.secretsAs when absent.`);
  return {
    env: named(
      z.union([z.string(), z.number(), z.boolean(), secretNamed({ as: as() })], {
        error: PLAIN,
      }),
    )
      .meta({ examples: [{ STRIPE_PUBLIC_KEY: "pk_live", STRIPE_KEY: { secret: "stripe" } }] })
      .describe(`Further variables of ${whose}: plain ones, and secrets of apprun:secrets by name.`),
    variables: named(z.union([template(), z.strictObject({ template: template(), as: as() })], { error: TEMPLATE }))
      .meta({ examples: [{ DATABASE_URL: "{database.url}" }] })
      .describe("Variables from what the platform knows, by name; docs/your-app.md lists the names in braces."),
    secretsAs: oneOf("file", "variable")
      .optional()
      .describe(
        "How secrets arrive. file: in a file that NAME_FILE names; variable: in NAME itself, which `docker inspect` shows. file with the preset apprun, else variable.",
      ),
  };
};

/** A variable with a secret in it. */
export type SecretArrives = "file" | "variable";

/** A secret and how it arrives. */
export interface SecretReference {
  /** Its name among `secrets`. */
  readonly secret: string;
  /** @default - as the others do */
  readonly as?: SecretArrives | undefined;
}

/** A text with names of facts in braces, and how it arrives where one of them is secret. */
export interface Template {
  readonly template: string;
  /** @default - as the others do */
  readonly as?: SecretArrives | undefined;
}

/** What the settings say of the variables of one program. */
export interface ToldSettings {
  readonly env: Readonly<Record<string, string | number | boolean | SecretReference>>;
  readonly variables: Readonly<Record<string, string | Template>>;
  readonly variablesPreset: string;
  readonly secretsAs?: SecretArrives | undefined;
}
