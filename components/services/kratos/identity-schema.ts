import type { ErrorObject } from "ajv";
import { z } from "zod";
import { newAjv } from "./ajv.ts";
import { isMap } from "../../settings/kit/merge.ts";

const via = z.strictObject({ via: z.enum(["email", "sms"]) });
const flagged = (name: string) => z.strictObject({ [name]: z.boolean() }).partial();

/** What Kratos reads of a trait below "ory.sh/kratos". */
const EXTENSION = z.strictObject({
  credentials: z
    .strictObject({
      password: flagged("identifier"),
      webauthn: flagged("identifier"),
      passkey: flagged("display_name"),
      totp: flagged("account_name"),
      code: z.strictObject({ identifier: z.boolean(), via: z.enum(["email", "sms"]) }).partial(),
    })
    .partial()
    .optional(),
  verification: via.optional(),
  recovery: via.optional(),
  organizations: z.unknown().optional(),
});
const KEY = "ory.sh/kratos";

/** What is wrong with an identity schema and where, as a JSON pointer; nothing when Kratos can use it. */
export function schemaFault(
  text: string,
): { readonly at: string; readonly got: string; readonly allowed: string } | undefined {
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    return { at: "/", got: `no JSON: ${(error as Error).message}`, allowed: "a JSON schema" };
  }
  if (!isMap(schema)) return { at: "/", got: "no object", allowed: "a JSON schema" };
  const [error] = metaErrors(schema);
  if (error)
    return {
      at: error.instancePath || "/",
      got: `a value that ${error.message ?? "is none of a schema"}`,
      allowed: "a JSON schema of draft 7",
    };
  const traits = at(schema, "properties", "traits");
  const properties = at(traits, "properties");
  if (!isMap(properties) || Object.keys(properties).length === 0)
    return { at: "/properties/traits/properties", got: "nothing", allowed: "the traits of an identity" };
  if (at(traits, "type") !== "object")
    return { at: "/properties/traits/type", got: String(at(traits, "type")), allowed: '"object"' };
  return extensionFault(properties, "/properties/traits/properties");
}

/** The same for what Kratos reads of each trait, at any depth. */
function extensionFault(value: unknown, path: string): ReturnType<typeof schemaFault> {
  if (!isMap(value)) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const where = `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (key === KEY) {
      const [issue] = EXTENSION.safeParse(inner).error?.issues ?? [];
      if (issue)
        return {
          at: [where, ...issue.path.map(String)].join("/"),
          got: issue.code === "unrecognized_keys" ? `the key ${issue.keys.join(", ")}` : "another value",
          allowed: "credentials, verification and recovery as Kratos documents them",
        };
    }
    const fault = extensionFault(inner, where);
    if (fault) return fault;
  }
  return undefined;
}

/** Whether some trait is what users are known by to a method. */
export function hasCredential(text: string, method: string): boolean {
  const search = (value: unknown): boolean =>
    isMap(value) &&
    (Object.values(asMap(at(value, KEY, "credentials", method))).includes(true) || Object.values(value).some(search));
  return search(at(JSON.parse(text), "properties"));
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return isMap(value) ? value : {};
}

function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>((found, key) => (isMap(found) ? found[key] : undefined), value);
}

function metaErrors(schema: object): readonly ErrorObject[] {
  const ajv = newAjv({ strict: false, allErrors: false });
  void ajv.validateSchema({ ...schema, $schema: "http://json-schema.org/draft-07/schema#" });
  return ajv.errors ?? [];
}
