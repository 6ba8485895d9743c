import { SERVICES } from "../services/catalogue.ts";
import type { SettingsProblem } from "../settings/kit/problems.ts";
import type { Rule } from "../settings/kit/rule.ts";
import { cloudflareRules } from "./rules/cloudflare.ts";
import { environmentRules } from "./rules/environment.ts";
import { hostRules } from "./rules/host.ts";
import { imagesRules } from "./rules/images.ts";
import { proxyRules } from "./rules/proxy.ts";
import { requestsWithinLimits } from "./rules/requests.ts";
import { targetRules } from "./rules/target.ts";
import { tlsRules } from "./rules/tls.ts";
import type { Settings } from "./settings.ts";

/** Every rule that a single key cannot express. All of them are checked, so that all problems show at once. */
const RULES: readonly Rule<Settings>[] = [
  ...environmentRules,
  ...targetRules,
  ...proxyRules,
  ...tlsRules,
  ...cloudflareRules,
  ...SERVICES.flatMap((service): readonly Rule<Settings>[] => ("rules" in service ? service.rules : [])),
  ...imagesRules,
  ...hostRules,
];

/** Everything that is wrong across the settings. */
export function ruleProblems(settings: Settings): readonly SettingsProblem[] {
  return [...RULES.flatMap((rule) => rule(settings) ?? []), ...requestsWithinLimits(settings)];
}
