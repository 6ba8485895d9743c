import { readFileSync } from "node:fs";
import { join } from "node:path";
import { secret, type Output } from "@pulumi/pulumi";
import { parse, YAMLParseError } from "yaml";
import { ModelError } from "../model/errors.ts";
import { secretMark } from "../model/secret-mark.ts";
import { overlay, stackFiles } from "./common-file.ts";
import { isSecretKey, parseSettings, type RawSettings } from "./parse.ts";
import type { SecretKey } from "./schema.ts";
import type { Settings } from "./settings.ts";

/**
 * The settings of a stack from its files alone: no engine, and secrets as
 * placeholders. A stack without a file has every default; one of a pull request
 * also has what `Pulumi.pr.yaml` says.
 * @throws SettingsError with every problem at once; ModelError for a file that cannot be read
 */
export function settingsFromFile(directory: string, project: string, stack: string): Settings {
  const read = stackFiles(stack).map((file) => readStackFile(join(directory, file), `${project}:`));
  return parseSettings({ project, stack }, read.reduce(overlay));
}

/**
 * What a stack file says, by key below `prefix`, before anything is checked.
 * @throws ModelError for a file that cannot be read
 */
export function readStackFile(path: string, prefix: string): RawSettings {
  const config = Object.entries(configSection(path)).filter(([key]) => key.startsWith(prefix));
  const entries = config.map(([key, value]): [string, unknown] => [key.slice(prefix.length), value]);
  const secrets: Partial<Record<SecretKey, Output<string>>> = {};
  for (const [key] of entries) if (isSecretKey(key)) secrets[key] = secret(secretMark(key));
  return {
    values: Object.fromEntries(entries.filter(([key]) => !isSecretKey(key))),
    secrets,
    plainSecrets: entries.flatMap(([key, value]) => (isSecretKey(key) && !isEncrypted(value) ? [key] : [])),
  };
}

function configSection(path: string): Record<string, unknown> {
  const file = readYaml(path);
  if (file === undefined || file === null) return {};
  const config = isMap(file) ? (file["config"] ?? {}) : undefined;
  if (!isMap(config))
    throw new ModelError({
      got: `${path}: got no map`,
      allowed: "a map with the key config",
      fix: "see Pulumi.dev.yaml for an example",
    });
  return config;
}

function readYaml(path: string): unknown {
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
    return parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new ModelError({
      got: `${path}: ${error.message.split("\n")[0] ?? ""}`,
      allowed: "YAML",
      fix: "fix that line",
    });
  }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEncrypted(value: unknown): boolean {
  return isMap(value) && typeof value["secure"] === "string";
}
