import type { StackIdentity } from "../model/identity.ts";
import { SERVICES } from "../services/catalogue.ts";
import type { Service } from "../services/service.ts";
import { environmentOf } from "../settings/kit/environment.ts";
import { SettingsError, schemaProblems } from "../settings/kit/problems.ts";
import type { SettingsProblem } from "../settings/kit/settings-problem.ts";
import { isMap } from "../settings/kit/merge.ts";
import { unreadKey } from "../settings/kit/unknown-key.ts";
import { misplacedSecret, type ValuePath } from "./misplaced-secrets.ts";
import { withProfile } from "./profile.ts";
import { readProjectFiles } from "./project-files.ts";
import type { RawSettings } from "./raw-settings.ts";
import { resolveSecrets } from "./resolve-secrets.ts";
import { ruleProblems } from "./rules.ts";
import { unknownRotations } from "./rules/rotation.ts";
import { knownSettings } from "./schema.ts";
import { deriveSettings, type Settings } from "./settings.ts";

/**
 * Settings from what was written.
 * @throws SettingsError with every problem at once; ModelError for a stack name that is no environment
 */
export function parseSettings(
  identity: StackIdentity,
  raw: RawSettings,
  services: readonly Service<Settings>[] = SERVICES,
): Settings {
  const environment = environmentOf(identity.stack);
  const { values, plainSecrets, misplaced = [], unread = [] } = raw;
  const problems: SettingsProblem[] = plainSecrets.map((key) => ({
    path: key,
    got: "a plain text",
    allowed: "an encrypted value",
    fix: `run: pulumi config set --secret ${key.includes(".") ? "--path " : ""}apprun:${key}`,
  }));
  const known = knownSettings(services);
  problems.push(...unread.map((key) => unreadKey(key, identity.project, known)));
  problems.push(...misplaced.map((path) => misplacedSecret(path, known.schema)));
  const parsed = known.schema.safeParse(withProfile(values, services));
  problems.push(...otherPlatformProblems(parsed.data?.platform, values));
  const found = parsed.success ? [] : schemaProblems(parsed.error.issues, values, known);
  // The engine decrypts such a value, so no other message may show it.
  problems.push(...found.filter((problem) => !isIn(problem, misplaced)));
  if (!parsed.success || misplaced.length > 0) throw new SettingsError(identity, problems);
  const resolved = resolveSecrets(raw, known.schema, parsed.data.secretsCommand);
  problems.push(...resolved.problems);
  const { files: projectFiles, problems: unreadable } = readProjectFiles(parsed.data, raw.directory ?? ".");
  problems.push(...unreadable);
  const settings = deriveSettings(identity, environment, parsed.data, { ...resolved, projectFiles }, services);
  problems.push(...unknownRotations(settings, services, known), ...ruleProblems(settings, services));
  if (problems.length > 0) throw new SettingsError(identity, problems);
  return settings;
}

/** An encrypted value is not what the schema expects either: one problem says enough. */
function isIn({ path }: SettingsProblem, misplaced: readonly ValuePath[]): boolean {
  return misplaced.map((keys) => keys.join(".")).some((keys) => path === keys || path.startsWith(`${keys}.`));
}

/** Settings that only the other platform reads would be dropped in silence. */
function otherPlatformProblems(
  platform: Settings["platform"] | undefined,
  values: RawSettings["values"],
): readonly SettingsProblem[] {
  if (platform === undefined) return [];
  return FOREIGN_KEYS[platform]
    .map((key) => [key, key.split(".").reduce<unknown>(inside, values)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([path, value]) => ({
      path,
      got: typeof value === "object" ? "a map" : JSON.stringify(value),
      allowed: `nothing with platform ${platform}`,
      fix: "remove it or change apprun:platform",
    }));
}

function inside(value: unknown, key: string): unknown {
  return isMap(value) ? value[key] : undefined;
}

/** Keys that have no meaning on a platform. */
const FOREIGN_KEYS: Record<Settings["platform"], readonly string[]> = {
  docker: ["kubernetes"],
  kubernetes: ["docker", "host", "proxy", "logs.port"],
};
