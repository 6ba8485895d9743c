import type { z } from "zod";
import { schemaAt, unwrapped } from "./schema-parts.ts";

/** What the settings can be: the schema of the plain ones and the keys of the secrets. */
export interface KnownSettings {
  readonly schema: z.ZodType;
  readonly secrets: readonly string[];
}

/** Keys that the schema knows at a path. */
export function knownKeys(path: readonly string[], known: KnownSettings): readonly string[] {
  const keys = Object.keys(unwrapped(path.reduce(schemaAt, known.schema)).shape ?? {});
  return path.length === 0 ? [...keys, ...known.secrets] : keys;
}

/** Every path that the schema knows, except what is inside of lists and maps. */
export function knownPaths(known: KnownSettings): readonly string[] {
  return [...pathsOf(known.schema, []), ...known.secrets];
}

function pathsOf(schema: unknown, path: readonly string[]): readonly string[] {
  return Object.entries(unwrapped(schema).shape ?? {}).flatMap(([key, inner]) => {
    const here = [...path, key];
    return [here.join("."), ...pathsOf(inner, here)];
  });
}
