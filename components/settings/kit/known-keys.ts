import type { z } from "zod";
import { schemaAt, unwrapped } from "./schema-parts.ts";

/** What the settings can be: the schema of the plain ones and the keys of the secrets. */
export interface KnownSettings {
  readonly schema: z.ZodType;
  readonly secrets: readonly string[];
}

/** Keys that the schema knows at a path. */
export function knownKeys(path: readonly string[], known: KnownSettings): readonly string[] {
  const keys = Object.entries(unwrapped(path.reduce(schemaAt, known.schema)).shape ?? {}).flatMap(([key, inner]) =>
    isRefused(inner) ? [] : [key],
  );
  return path.length === 0 ? [...keys, ...known.secrets] : keys;
}

/** Whether a key is there only to say why it is refused. */
function isRefused(schema: unknown): boolean {
  return unwrapped(schema).def?.type === "never";
}

/** Every path that the schema knows, except what is inside of lists and maps. */
export function knownPaths(known: KnownSettings): readonly string[] {
  return [...pathsOf(known.schema, []), ...known.secrets];
}

function pathsOf(schema: unknown, path: readonly string[]): readonly string[] {
  return Object.entries(unwrapped(schema).shape ?? {}).flatMap(([key, inner]) => {
    if (isRefused(inner)) return [];
    const here = [...path, key];
    return [here.join("."), ...pathsOf(inner, here)];
  });
}
