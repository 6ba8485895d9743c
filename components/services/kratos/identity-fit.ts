import { createRequire } from "node:module";
import type { ErrorObject } from "ajv";
import type { FormatsPlugin } from "ajv-formats";
import { newAjv } from "./ajv.ts";

/**
 * Why traits do not fit an identity schema: places in the schema, such as `traits.company: minLength`. A place in the
 * schema never has a word of the identity, which a place in the traits can.
 */
export type Misfits = (traits: unknown) => readonly string[];

/** Formats that Kratos has and nobody else; what it does not check is not checked here. */
const KRATOS_FORMATS = { tel: /^\+?[0-9 ()./-]{3,}$/ };

/**
 * Holds traits to a schema, as Kratos does at each change of an identity.
 * @throws Error for a schema that cannot be read alone, such as one with a reference to another
 */
export function misfitsOf(schema: object): Misfits {
  const { default: addFormats } = createRequire(import.meta.url)("ajv-formats") as { readonly default: FormatsPlugin };
  // What Kratos adds to a schema says nothing about the form of a trait.
  const ajv = newAjv({ strict: false, allErrors: true, logger: false, formats: KRATOS_FORMATS });
  addFormats(ajv);
  const { $schema: _dialect, $id: _id, ...own } = schema as { $schema?: unknown; $id?: unknown };
  const fits = ajv.compile(own);
  return (traits) => {
    if (fits({ traits: traits ?? {} })) return [];
    return [...new Set((fits.errors ?? []).map(placeOf))].sort();
  };
}

function placeOf({ schemaPath, keyword, params }: ErrorObject): string {
  const missing = keyword === "required" ? ` ${String(params["missingProperty"])}` : "";
  const place = schemaPath
    .split("/")
    .slice(1, -1)
    .filter((part, index) => !(part === "properties" && index % 2 === 0))
    .join(".");
  return `${place || "identity"}: ${keyword}${missing}`;
}
