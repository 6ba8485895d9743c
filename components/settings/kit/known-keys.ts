import type { z } from "zod";

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

/** The parts of a schema in which others are. */
interface SchemaParts {
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly def?: { readonly innerType?: unknown; readonly element?: unknown; readonly valueType?: unknown };
}

/** The schema at a key of an object, at an index of a list or at any key of a map. */
function schemaAt(schema: unknown, key: string): unknown {
  const { shape, def } = unwrapped(schema);
  return shape?.[key] ?? def?.element ?? def?.valueType;
}

/** A schema without its defaults and optionals. */
function unwrapped(schema: unknown): SchemaParts {
  let current = schema as SchemaParts | undefined;
  while (current?.def?.innerType !== undefined) current = current.def.innerType as SchemaParts;
  return current ?? {};
}
