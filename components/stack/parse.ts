import type { StackIdentity } from "../model/identity.ts";
import { SERVICES } from "../services/catalogue.ts";
import type { Service } from "../services/service.ts";
import { environmentOf } from "../settings/kit/environment.ts";
import { SettingsError, schemaProblems } from "../settings/kit/problems.ts";
import type { SettingsProblem } from "../settings/kit/settings-problem.ts";
import { unreadKey } from "../settings/kit/unknown-key.ts";
import type { OwnSecrets } from "./own-secrets.ts";
import { ruleProblems } from "./rules.ts";
import { knownSettings, SECRET_KEYS, type SecretKey } from "./schema.ts";
import { deriveSettings, type Settings } from "./settings.ts";

/** A stack's configuration as it was found. */
export interface RawSettings {
  /** Values by key below `apprun:`, without the secrets. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly secrets: Settings["secrets"];
  /** @default {} */
  readonly ownSecrets?: OwnSecrets;
  /** Paths of secrets that stand there in plain text. */
  readonly plainSecrets: readonly string[];
  /** Whole keys of the configuration that nobody reads. @default [] */
  readonly unread?: readonly string[];
  /** Paths of encrypted values where only plain ones are read. @default [] */
  readonly sealed?: readonly string[];
}

/**
 * Settings from what was written.
 * @throws SettingsError with every problem at once; ModelError for a stack name that is no environment
 */
export function parseSettings(
  identity: StackIdentity,
  { values, secrets, ownSecrets = {}, plainSecrets, unread = [], sealed = [] }: RawSettings,
  services: readonly Service<Settings>[] = SERVICES,
): Settings {
  const environment = environmentOf(identity.stack);
  const problems: SettingsProblem[] = plainSecrets.map((key) => ({
    path: key,
    got: "a plain text",
    allowed: "an encrypted value",
    fix: `run: pulumi config set --secret ${key.includes(".") ? "--path " : ""}apprun:${key}`,
  }));
  const known = knownSettings(services);
  problems.push(...unread.map((key) => unreadKey(key, identity.project, known)), ...sealed.map(sealedValue));
  const parsed = known.schema.safeParse(values);
  problems.push(...otherPlatformProblems(parsed.data?.platform, values));
  const found = parsed.success ? [] : schemaProblems(parsed.error.issues, values, known);
  // The engine decrypts such a value, so no other message may show it.
  problems.push(...found.filter(({ path }) => !sealed.some((other) => `${path}.`.startsWith(`${other}.`))));
  if (!parsed.success || sealed.length > 0) throw new SettingsError(identity, problems);
  const settings = deriveSettings(identity, environment, parsed.data, { secrets, ownSecrets }, services);
  problems.push(...ruleProblems(settings, services));
  if (problems.length > 0) throw new SettingsError(identity, problems);
  return settings;
}

/** The engine hands over the whole top-level key of such a value as one text that is secret, and no word about where in it. */
function sealedValue(path: string): SettingsProblem {
  return {
    path,
    got: "an encrypted value",
    allowed: `a plain value, because the program reads all of apprun:${path.split(".")[0] ?? path} as one; secrets are keys of their own`,
    fix: `run: pulumi config rm --path 'apprun:${path}'; a secret of your own goes below apprun:secrets, where settings name it as { secret: NAME }`,
  };
}

/** Settings that only the other platform reads would be dropped in silence. */
function otherPlatformProblems(
  platform: Settings["platform"] | undefined,
  values: RawSettings["values"],
): readonly SettingsProblem[] {
  if (platform === undefined) return [];
  return FOREIGN_KEYS[platform]
    .filter((key) => values[key] !== undefined)
    .map((key) => ({
      path: key,
      got: "a map",
      allowed: `nothing with platform ${platform}`,
      fix: "remove it or change apprun:platform",
    }));
}

/** Keys that have no meaning on a platform. */
const FOREIGN_KEYS: Record<Settings["platform"], readonly string[]> = {
  docker: ["kubernetes"],
  kubernetes: ["docker", "host", "proxy"],
};

export function isSecretKey(key: string): key is SecretKey {
  return Object.hasOwn(SECRET_KEYS, key);
}
