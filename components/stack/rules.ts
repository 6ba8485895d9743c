import { alertingRules } from "../services/alertmanager/rules.ts";
import { backupRules } from "../services/backup/rules.ts";
import { cacheRules } from "../services/cache/rules.ts";
import { cloudflareRules } from "./rules/cloudflare.ts";
import { environmentRules } from "./rules/environment.ts";
import { hostRules } from "./rules/host.ts";
import { imagesRules } from "./rules/images.ts";
import { kratosRules } from "../services/kratos/rules.ts";
import { logsRules } from "../services/logs/rules.ts";
import { targetRules } from "./rules/target.ts";
import { pointInTimeRules } from "../services/backup/point-in-time-rules.ts";
import { postgresRules } from "../services/postgres/rules.ts";
import { proxyRules } from "./rules/proxy.ts";
import { requestsWithinLimits } from "./rules/requests.ts";
import type { Rule } from "../settings/kit/rule.ts";
import { seedRules } from "../services/app/seed-rules.ts";
import { storageRules } from "../services/app/storage-rules.ts";
import { tlsRules } from "./rules/tls.ts";
import type { SettingsProblem } from "../settings/kit/problems.ts";
import type { Settings } from "./settings.ts";

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
