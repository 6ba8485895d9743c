import type { z } from "zod";
import { closest, distance } from "fastest-levenshtein";
import { ModelError } from "../../model/errors.ts";
import type { Problem } from "../../model/problem.ts";

/** One thing that is wrong with a stack's settings; what was given is named without its key. */
export interface SettingsProblem extends Problem {
  /** Key path below `apprun:`, such as `postgres.maxConnections`. */
  readonly path: string;
}

/** All problems of a stack at once. */
export class SettingsError extends ModelError {
  readonly problems: readonly SettingsProblem[];

  constructor(stack: string, problems: readonly SettingsProblem[]) {
    const sorted = [...problems].sort((a, b) => (a.path < b.path ? -1 : 1));
    super({
      heading: `Pulumi.${stack}.yaml has ${sorted.length} ${sorted.length === 1 ? "problem" : "problems"}`,
      problems: sorted.map(({ path, got, ...rest }) => ({ got: `apprun:${path}: got ${got}`, ...rest })),
    });
    this.problems = sorted;
  }
}

/** What the settings can be: the schema of the plain ones and the keys of the secrets. */
export interface KnownSettings {
  readonly schema: z.ZodType;
  readonly secrets: readonly string[];
}

/** Translates what the schema found. `raw` is the value that was parsed. */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  raw: unknown,
  known: KnownSettings,
): readonly SettingsProblem[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => unknownKey([...path, key], knownKeys(path, known)));
    return [
      {
        path: path.join("."),
        got: shown(valueAt(raw, path)),
        allowed: issue.message.startsWith("Invalid input: expected object") ? "a map" : issue.message,
        fix: "change it",
      },
    ];
  });
}

/** Edits between a misspelt key and the one that is suggested, at most. */
const NEAR = 3;

/** The problem of a key that nobody reads. Its value is not shown: it may be a secret in the wrong place. */
export function unknownKey(path: readonly string[], known: readonly string[]): SettingsProblem {
  const key = path.at(-1) ?? "";
  const nearest = known.length === 0 ? undefined : closest(key, [...known]);
  const suggestion =
    nearest !== undefined && distance(key, nearest) <= NEAR ? `did you mean "${nearest}"?` : "remove it";
  return { path: path.join("."), got: "an unknown key", allowed: [...known].sort().join(", "), fix: suggestion };
}

/** Keys that the schema knows at a path. */
function knownKeys(path: readonly string[], known: KnownSettings): readonly string[] {
  const keys = Object.keys(unwrapped(path.reduce(schemaAt, known.schema)).shape ?? {});
  return path.length === 0 ? [...keys, ...known.secrets] : keys;
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

function valueAt(raw: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    raw,
  );
}

/** A value as it was written; objects and lists by their kind only. */
function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  return JSON.stringify(value);
}
