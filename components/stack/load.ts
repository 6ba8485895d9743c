import { Config, getProject, getStack, runtime, secret, type Output } from "@pulumi/pulumi";
import { parseSettings, isSecretKey, type RawSettings } from "./parse.ts";
import type { SecretKey } from "./schema.ts";
import type { Settings } from "./settings.ts";

/**
 * The settings of the running program's stack.
 * @throws SettingsError with every problem at once
 */
export function loadSettings(): Settings {
  return parseSettings({ project: getProject(), stack: getStack() }, liveSettings());
}

function liveSettings(): RawSettings {
  const config = new Config(getProject());
  const prefix = `${getProject()}:`;
  const keys = Object.keys(runtime.allConfig())
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
  const encrypted = encryptedKeys();
  const secrets: Partial<Record<SecretKey, Output<string>>> = {};
  for (const key of keys.filter(isSecretKey)) secrets[key] = config.getSecret(key) ?? secret("");
  return {
    values: Object.fromEntries(keys.filter((key) => !isSecretKey(key)).map((key) => [key, plainValue(config.get(key))])),
    secrets,
    plainSecrets: keys.filter(isSecretKey).filter((key) => !encrypted.has(`${prefix}${key}`)),
  };
}

/** Keys that the engine decrypted for this run; it tells the language host, and the SDK keeps the answer to itself. */
function encryptedKeys(): ReadonlySet<string> {
  return new Set(JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[]);
}

/** The engine hands over every value as text: maps, numbers and flags as JSON, strings as they are. */
function plainValue(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
