import { alertingRules } from "./rules/alerting.js";
import { backupRules } from "./rules/backup.js";
import { cacheRules } from "./rules/cache.js";
import { cloudflareRules } from "./rules/cloudflare.js";
import { environmentRules } from "./rules/environment.js";
import { hostRules } from "./rules/host.js";
import { imagesRules } from "./rules/images.js";
import { kratosRules } from "./rules/kratos.js";
import { logsRules } from "./rules/logs.js";
import { targetRules } from "./rules/target.js";
import { pointInTimeRules } from "./rules/point-in-time.js";
import { postgresRules } from "./rules/postgres.js";
import { proxyRules } from "./rules/proxy.js";
import { requestsWithinLimits } from "./rules/requests.js";
import type { Rule } from "./rules/rule.js";
import { seedRules } from "./rules/seed.js";
import { storageRules } from "./rules/storage.js";
import { tlsRules } from "./rules/tls.js";
import type { SettingsProblem } from "./problems.js";
import type { Settings } from "./settings.js";

/** Every rule that a single key cannot express. All of them are checked, so that all problems show at once. */
const RULES: readonly Rule[] = [
  ...environmentRules,
  ...targetRules,
  ...proxyRules,
  ...tlsRules,
  ...cloudflareRules,
  ...postgresRules,
  ...storageRules,
  ...kratosRules,
  ...cacheRules,
  ...imagesRules,
  ...alertingRules,
  ...logsRules,
  ...backupRules,
  ...pointInTimeRules,
  ...seedRules,
  ...hostRules,
];

/** Everything that is wrong across the settings. */
export function ruleProblems(settings: Settings): readonly SettingsProblem[] {
  return [...RULES.flatMap((rule) => rule(settings) ?? []), ...requestsWithinLimits(settings)];
}
