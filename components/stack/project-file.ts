import { join } from "node:path";
import { ModelError } from "../model/errors.ts";
import { isMap, readYaml } from "./yaml-file.ts";

/** The project's own file. */
export const PROJECT_FILE = "Pulumi.yaml";

/**
 * What the project says for all of its stacks, by whole key. As in the engine, a
 * key without a prefix is the project's, and a map declares a setting: its
 * `default` or `value` is the value.
 * @throws ModelError for a file that cannot be read, and for stack files in another directory
 */
export function projectConfig(directory: string, project: string): Readonly<Record<string, unknown>> {
  const path = join(directory, PROJECT_FILE);
  const file = readYaml(path);
  if (!isMap(file)) return {};
  const { config = {}, stackConfigDir } = file;
  const elsewhere = typeof config === "string" ? config : stackConfigDir;
  if (elsewhere !== undefined && elsewhere !== null)
    throw new ModelError({
      got: `${path}: got ${JSON.stringify(elsewhere)} as the directory of the stack files`,
      allowed: `stack files beside ${PROJECT_FILE}, where every command looks`,
      fix: "move them there and remove that line",
    });
  if (!isMap(config)) return {};
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, declared]) => {
      const value = isMap(declared) ? (declared["default"] ?? declared["value"]) : declared;
      return value === undefined ? [] : [[key.includes(":") ? key : `${project}:${key}`, value]];
    }),
  );
}
