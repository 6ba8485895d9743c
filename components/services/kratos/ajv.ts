import { createRequire } from "node:module";
import type { Ajv, Options } from "ajv";

/** Loaded by those who have a schema of their own alone: it costs each start of the program a tenth of a second. */
export function newAjv(options: Options): Ajv {
  const module = createRequire(import.meta.url)("ajv") as { readonly Ajv: typeof Ajv };
  return new module.Ajv(options);
}
