import { isMap } from "./yaml-file.ts";

/** Whether a value of a stack file is encrypted. */
export function isSealed(value: unknown): boolean {
  return isMap(value) && typeof value["secure"] === "string" && Object.keys(value).length === 1;
}

/**
 * Paths of encrypted values among plain settings. The engine decrypts them and
 * hands over the whole top-level key as one text, in which nothing says any more
 * what was secret.
 */
export function sealedPaths(values: unknown, path: readonly string[] = []): readonly string[] {
  if (isSealed(values)) return [path.join(".")];
  if (typeof values !== "object" || values === null) return [];
  return Object.entries(values).flatMap(([key, value]) => sealedPaths(value, [...path, key]));
}
