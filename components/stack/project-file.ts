import { join } from "node:path";
import { ModelError } from "../model/errors.ts";
import { plainValue } from "./plain-value.ts";
import { isMap, readYaml } from "./yaml-file.ts";

/** The project's own file. */
export const PROJECT_FILE = "Pulumi.yaml";

type Config = Readonly<Record<string, unknown>>;

/**
 * What the engine hands over: what a stack's file says, over what the project says for all of its stacks.
 * @throws ModelError for a project file that cannot be read, and for what the engine or the other commands would refuse
 */
export function overProject(directory: string, project: string, stack: Config): Config {
  const path = join(directory, PROJECT_FILE);
  const file = readYaml(path);
  if (!isMap(file)) return stack;
  refuseOtherDirectory(path, file);
  if (!isMap(file["config"])) return stack;
  const declared = Object.entries(file["config"]).sort(([a], [b]) => (a < b ? -1 : 1));
  return declared.reduce<Config>((config, [key, declaration]) => {
    const value = declaredValue(`${path}: config.${key}`, declaration);
    return withDefault(config, wholeKey(key, project), value);
  }, stack);
}

/** A key without a namespace is the project's; `apprun:config:domain` is an old form of `apprun:domain`. */
export function wholeKey(key: string, project: string): string {
  if (!key.includes(":")) return `${project}:${key}`;
  const [namespace = "", module, name] = key.split(":");
  return name !== undefined && module === "config" ? `${namespace}:${name}` : key;
}

/** The value of a declaration: itself, or the `default` or `value` of a map. */
function declaredValue(where: string, declaration: unknown): unknown {
  if (!isMap(declaration)) return plainValue(declaration);
  const { default: fallback, value = fallback, description: _, ...rest } = declaration;
  const [other] = Object.keys(rest);
  if (other !== undefined || value === undefined || (fallback !== undefined && declaration["value"] !== undefined))
    throw new ModelError({
      got: `${where}: got ${other === undefined ? "a map" : `the key ${other}`}`,
      allowed: "the value itself, or a map with default or value; types are in Pulumi.schema.json",
      fix: "change it",
    });
  return plainValue(value);
}

/** In the name of a key of the project the engine reads a path, and fills what the stack's file does not have at it. */
function withDefault(config: Config, key: string, value: unknown): Config {
  const [first = "", ...path] = key.split(".");
  const filled = fill(config[first], path, value);
  return { ...config, [first]: filled };
}

function fill(found: unknown, path: readonly string[], value: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return found === undefined ? value : found;
  if (found !== undefined && !isMap(found)) return found;
  return { ...found, [first]: fill(found?.[first], rest, value) };
}

function refuseOtherDirectory(path: string, { config, stackConfigDir }: Config): void {
  const elsewhere = typeof config === "string" ? config : stackConfigDir;
  if (elsewhere === undefined || elsewhere === null) return;
  throw new ModelError({
    got: `${path}: got ${JSON.stringify(elsewhere)} as the directory of the stack files`,
    allowed: `stack files beside ${PROJECT_FILE}, where every command looks`,
    fix: "move them there and remove that line",
  });
}
