import { join } from "node:path";
import { secret, type Output } from "@pulumi/pulumi";
import { ModelError } from "../model/errors.ts";
import { secretMark } from "../model/secret-mark.ts";
import { overlay, stackFiles } from "./common-file.ts";
import { encryptedPaths, isEncrypted } from "./misplaced-secrets.ts";
import { marksOf, OWN_SECRETS, ownSecretMarks, plainOwnSecrets, secretNameIn } from "./own-secrets.ts";
import { parseSettings } from "./parse.ts";
import { plainValue } from "./plain-value.ts";
import { overProject, wholeKey } from "./project-file.ts";
import { isSecretKey, type RawSettings } from "./raw-settings.ts";
import type { SecretKey } from "./schema.ts";
import type { Settings } from "./settings.ts";
import { isMap, readYaml } from "./yaml-file.ts";

/**
 * The settings of a stack from its files alone: no engine, and secrets as
 * placeholders. A stack without a file has every default; one of a pull request
 * also has what `Pulumi.pr.yaml` says. What the project says for all stacks counts
 * over what pull requests have in common: the engine hands it over as the stack's own.
 * @throws SettingsError with every problem at once; ModelError for a file that cannot be read
 */
export function settingsFromFile(directory: string, project: string, stack: string): Settings {
  const files = stackFiles(stack).map((file) => configSection(join(directory, file), project));
  const read = [...files.slice(0, -1), overProject(directory, project, files.at(-1) ?? {})];
  const raw = read.map((config) => rawSettings(config, `${project}:`)).reduce(overlay);
  return parseSettings({ project, stack }, { ...raw, directory });
}

/**
 * What a stack file says of a project's settings, before anything is checked.
 * @throws ModelError for a file that cannot be read
 */
export function readStackFile(path: string, project: string): RawSettings {
  return rawSettings(configSection(path, project), `${project}:`);
}

function rawSettings(config: Readonly<Record<string, unknown>>, prefix: string): RawSettings {
  const entries = Object.entries(config)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]): [string, unknown] => [key.slice(prefix.length), plainValue(value)]);
  const own = entries.find(([key]) => key === OWN_SECRETS)?.[1];
  const secrets: Partial<Record<SecretKey, Output<string>>> = {};
  const named: Partial<Record<SecretKey, string>> = {};
  const plainSecrets = [...plainOwnSecrets(own, isEncrypted)];
  for (const [key, value] of entries.filter(isSecretEntry)) {
    const name = secretNameIn(value);
    if (name !== undefined) named[key] = name;
    else {
      secrets[key] = secret(secretMark(key));
      if (!isEncrypted(value)) plainSecrets.push(key);
    }
  }
  const plain = entries.filter(([key]) => !isSecretKey(key) && key !== OWN_SECRETS);
  return {
    values: Object.fromEntries(plain),
    secrets,
    ownSecrets: ownSecretMarks(own),
    named,
    plainSecrets,
    unread: unreadKeys(Object.keys(config), prefix),
    misplaced: plain.flatMap(([key, value]) => encryptedPaths(value, [key])),
    fromCommand: (_, names) => marksOf(names),
  };
}

/** Keys that nobody reads: of another project, of a provider, which the program configures itself, or of no namespace. */
export function unreadKeys(keys: readonly string[], prefix: string): readonly string[] {
  return keys.filter((key) => !key.startsWith(prefix) && !key.startsWith("pulumi:"));
}

function isSecretEntry(entry: [string, unknown]): entry is [SecretKey, unknown] {
  return isSecretKey(entry[0]);
}

function configSection(path: string, project: string): Readonly<Record<string, unknown>> {
  const file = readYaml(path);
  if (file === undefined || file === null) return {};
  if (isMap(file) && file["environment"] !== undefined)
    throw new ModelError({
      got: `${path}: got the key environment`,
      allowed:
        "settings in the file itself: what an ESC environment holds is known to the engine alone, and every other command would act on other settings",
      fix: "write those settings into the file, secrets with `pulumi config set --secret`",
    });
  const config = isMap(file) ? (file["config"] ?? {}) : undefined;
  if (!isMap(config))
    throw new ModelError({
      got: `${path}: got no map`,
      allowed: "a map with the key config",
      fix: "see Pulumi.dev.yaml for an example",
    });
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [wholeKey(key, project), value]));
}
