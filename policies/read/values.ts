/** Stands for a value that is known only after an update. */
export const UNKNOWN = "[unknown until the update]";

/** Props are data of other makers: whatever is not of the expected form counts as absent. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The text, unless it is absent or not known yet. */
export function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
}

export function texts(value: unknown): readonly string[] {
  return list(value).flatMap((item) => text(item) ?? []);
}

/** The value below a path of keys, or undefined. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((current, key) => record(current)[key], value);
}

/** Whether something is set; what is not known yet counts as set. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && value !== 0;
}
