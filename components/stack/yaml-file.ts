import { readFileSync } from "node:fs";
import { parse, YAMLParseError } from "yaml";
import { ModelError } from "../model/errors.ts";

/**
 * A YAML file as the engine reads it: with merge keys (`<<`). Undefined where there is none.
 * @throws ModelError for a file that cannot be read
 */
export function readYaml(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new ModelError({
      got: `${path}: ${(error as Error).message}`,
      allowed: "a file that can be read",
      fix: "check its permissions",
    });
  }
  try {
    return parse(text, { merge: true }) as unknown;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new ModelError({
      got: `${path}: ${error.message.split("\n")[0] ?? ""}`,
      allowed: "YAML",
      fix: "fix that line",
    });
  }
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
