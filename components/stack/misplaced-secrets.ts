import { schemaAt } from "../settings/kit/schema-parts.ts";
import type { SettingsProblem } from "../settings/kit/settings-problem.ts";
import { takesSecret } from "../settings/kit/secret-named.ts";
import { isMap } from "./yaml-file.ts";

/** The path of a value: keys of maps and numbers of lists. */
export type ValuePath = readonly (string | number)[];

/** Whether the engine reads a value of a stack file as an encrypted one. */
export function isEncrypted(value: unknown): boolean {
  return isMap(value) && Object.keys(value).length === 1 && typeof value["secure"] === "string";
}

/** The paths of all encrypted values in a value. */
export function encryptedPaths(value: unknown, path: ValuePath): readonly ValuePath[] {
  if (isEncrypted(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((inner: unknown, index) => encryptedPaths(inner, [...path, index]));
  return isMap(value) ? Object.entries(value).flatMap(([key, inner]) => encryptedPaths(inner, [...path, key])) : [];
}

/**
 * An encrypted value where a plain setting is. The engine makes a secret of the
 * whole top-level key around it, so nothing below that key could be shown or checked.
 */
export function misplacedSecret(path: ValuePath, schema: unknown): SettingsProblem {
  const written = writtenPath(path);
  const name = (path.findLast((key) => typeof key === "string") ?? "NAME").replaceAll(/\W/g, "_");
  const named = takesSecret(path.reduce<unknown>((at, key) => schemaAt(at, String(key)), schema));
  return {
    path: written,
    got: "an encrypted value",
    allowed: named ? "a plain value, or { secret: NAME } with a name below apprun:secrets" : "a plain value",
    fix: named
      ? `run: pulumi config set --secret --path 'apprun:secrets.${name}' && pulumi config set --path 'apprun:${written}.secret' ${name}`
      : `run: pulumi config set --plaintext --path 'apprun:${written}' VALUE`,
  };
}

/** A path as `pulumi config set --path` takes it. */
function writtenPath([first, ...rest]: ValuePath): string {
  const written = rest.map((key) => {
    if (typeof key === "number") return `[${key}]`;
    return /^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`;
  });
  return [first, ...written].join("");
}
