import type { z } from "zod";
import { ModelError } from "../../model/errors.ts";
import type { StackIdentity } from "../../model/identity.ts";
import { knownKeys, type KnownSettings } from "./known-keys.ts";
import { schemaAt } from "./schema-parts.ts";
import { takesSecret } from "./secret-named.ts";
import type { SettingsProblem } from "./settings-problem.ts";
import { unknownKey } from "./unknown-key.ts";

/** All problems of a stack at once. */
export class SettingsError extends ModelError {
  readonly problems: readonly SettingsProblem[];

  constructor({ project, stack }: StackIdentity, problems: readonly SettingsProblem[]) {
    const sorted = [...problems].sort((a, b) => (a.path < b.path ? -1 : 1));
    super({
      heading: `Pulumi.${stack}.yaml has ${sorted.length} ${sorted.length === 1 ? "problem" : "problems"}`,
      problems: sorted.map(({ path, key = `${project}:${path}`, got, allowed, fix }) => ({
        got: `${key}: got ${named(project, got)}`,
        allowed: named(project, allowed),
        fix: named(project, fix),
      })),
    });
    this.problems = sorted;
  }
}

/** Settings are named after the project; the texts are written for the name that it usually has. */
function named(project: string, text: string): string {
  return text.replaceAll("apprun:", `${project}:`);
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
      return issue.keys.map((key) => unknownKey([...path, key], knownKeys(path, known), known));
    return [
      {
        path: path.join("."),
        // The value of such a key is not shown: it may be a secret.
        got:
          issue.code === "invalid_key" ? "a name of another form" : shown(valueAt(raw, path), isSecretAt(path, known)),
        allowed: issue.message.startsWith("Invalid input: expected object") ? "a map" : issue.message,
        fix: "change it",
      },
    ];
  });
}

function valueAt(raw: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    raw,
  );
}

/** Whether a setting names a secret: what stands there instead may be the secret itself. */
function isSecretAt(path: readonly string[], { schema }: KnownSettings): boolean {
  return takesSecret(path.reduce<unknown>(schemaAt, schema));
}

/** A value as it was written; objects, lists and what may be a secret by their kind only. */
function shown(value: unknown, isSecret: boolean): string {
  if (isSecret && typeof value === "string") return "a plain text";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "a map";
  return JSON.stringify(value);
}
