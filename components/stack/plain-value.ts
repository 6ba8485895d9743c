/**
 * A value of the configuration as the program takes it. The engine hands over
 * every value as text: maps, numbers and flags as JSON, a text as it is, and
 * nothing as an empty text.
 */
export function plainValue(value: unknown): unknown {
  if (value === null) return "";
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
