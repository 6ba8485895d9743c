import { join } from "node:path";
import { Config, getProject, getRootDirectory, getStack, runtime, secret, type Output } from "@pulumi/pulumi";
import { ModelError } from "../model/errors.ts";
import { requireShielded } from "../platform/docker/which-docker.ts";
import { COMMON_FILE, overlay, stackFiles } from "./common-file.ts";
import type { ValuePath } from "./misplaced-secrets.ts";
import { OWN_SECRETS, ownSecretNames, plainOwnSecrets, secretNameIn } from "./own-secrets.ts";
import { parseSettings } from "./parse.ts";
import { plainValue } from "./plain-value.ts";
import { isSecretKey, type RawSettings } from "./raw-settings.ts";
import { runSecretsCommand } from "./secrets-command.ts";
import { readStackFile, unreadKeys } from "./stack-file.ts";
import type { SecretKey } from "./schema.ts";
import type { Settings } from "./settings.ts";

/**
 * The settings of the running program's stack.
 * @throws SettingsError with every problem at once; ModelError for a secret that only the engine can decrypt and was not given
 */
export function loadSettings(): Settings {
  const live = liveSettings();
  const settings = parseSettings(
    { project: getProject(), stack: getStack() },
    stackFiles(getStack()).includes(COMMON_FILE) ? overlay(commonSettings(live), live) : live,
  );
  if (settings.platform === "docker") requireShielded(settings.docker, process.env);
  return settings;
}

/** The engine reads the stack's own file and no other, so the program reads what pull requests have in common itself. */
function commonSettings(live: RawSettings): RawSettings {
  const common = readStackFile(join(getRootDirectory(), COMMON_FILE), getProject());
  const locked = [
    ...Object.keys(common.secrets).filter((key) => !Object.hasOwn(live.secrets, key)),
    ...Object.keys(common.ownSecrets ?? {})
      .filter((name) => !Object.hasOwn(live.ownSecrets ?? {}, name))
      .map((name) => `${OWN_SECRETS}.${name}`),
  ];
  if (locked.length > 0)
    throw new ModelError({
      got: `${COMMON_FILE}: got the encrypted ${locked.map((key) => `apprun:${key}`).join(", ")}, and Pulumi.${getStack()}.yaml does not have ${locked.length === 1 ? "it" : "them"}`,
      allowed: "encrypted values in the stack's own file, from which alone the engine decrypts",
      fix: "run `npm run up`, which copies them there, instead of `pulumi up`",
    });
  return common;
}

function liveSettings(): RawSettings {
  const config = new Config(getProject());
  const prefix = `${getProject()}:`;
  const all = Object.keys(runtime.allConfig());
  const keys = all.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  const encrypted = encryptedKeys();
  const secrets: Partial<Record<SecretKey, Output<string>>> = {};
  const named: Partial<Record<SecretKey, string>> = {};
  const plainSecrets: string[] = [];
  for (const key of keys.filter(isSecretKey)) {
    const isPlain = !encrypted.has(prefix + key);
    const name = isPlain ? secretNameIn(plainValue(config.get(key))) : undefined;
    if (name !== undefined) named[key] = name;
    else {
      secrets[key] = config.getSecret(key) ?? secret("");
      if (isPlain) plainSecrets.push(key);
    }
  }
  const own = plainValue(runtime.allConfig()[prefix + OWN_SECRETS]);
  // The engine says of a map only whether something in it is encrypted; the command line looks at each value.
  const ownEncrypted = encrypted.has(prefix + OWN_SECRETS);
  const plain = keys.filter((key) => !isSecretKey(key) && key !== OWN_SECRETS);
  return {
    values: Object.fromEntries(plain.map((key) => [key, plainValue(runtime.allConfig()[prefix + key])])),
    secrets,
    ownSecrets: Object.fromEntries(
      ownSecretNames(own).map((name) => [name, secret(String((own as Record<string, unknown>)[name]))]),
    ),
    named,
    plainSecrets: [...plainSecrets, ...plainOwnSecrets(own, () => ownEncrypted)],
    directory: getRootDirectory(),
    unread: unreadKeys(all, prefix),
    misplaced: plain.filter((key) => encrypted.has(prefix + key)).flatMap(misplacedIn()),
    fromCommand: (command, names) => {
      const printed = runSecretsCommand(command, getRootDirectory());
      return Object.fromEntries(
        names.flatMap((name) => {
          const value = printed.get(name);
          return value === undefined ? [] : [[name, secret(value)]];
        }),
      );
    },
  };
}

/** Where the encrypted values of a key are. The engine says the key alone, so the paths are those of the file, where it is in its usual place. */
function misplacedIn() {
  const path = join(getRootDirectory(), `Pulumi.${getStack()}.yaml`);
  const { misplaced = [] } = readStackFile(path, getProject());
  return (key: string): readonly ValuePath[] => {
    const found = misplaced.filter(([first]) => first === key);
    return found.length > 0 ? found : [[key]];
  };
}

/** Keys that the engine decrypted for this run; it tells the language host, and the SDK keeps the answer to itself. */
function encryptedKeys(): ReadonlySet<string> {
  return new Set(JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[]);
}
