import { SERVICES } from "../services/catalogue.ts";
import type { Service } from "../services/service.ts";
import type { SettingsProblem } from "../settings/kit/settings-problem.ts";
import type { Rule } from "../settings/kit/rule.ts";
import { bucketRules } from "./rules/buckets.ts";
import { cloudflareRules } from "./rules/cloudflare.ts";
import { databaseRules } from "./rules/databases.ts";
import { registryRules } from "./rules/registries.ts";
import { dockerRules } from "./rules/docker.ts";
import { controllerRules } from "./rules/controller.ts";
import { egressRules } from "./rules/egress.ts";
import { environmentRules } from "./rules/environment.ts";
import { frontRules } from "./rules/front.ts";
import { hostRules } from "./rules/host.ts";
import { hostRules as appHostRules } from "./rules/hosts.ts";
import { imagesRules } from "./rules/images.ts";
import { ownServicesRules } from "./rules/own-services.ts";
import { proxyRules } from "./rules/proxy.ts";
import { requestsWithinLimits } from "./rules/requests.ts";
import { targetRules } from "./rules/target.ts";
import { tlsRules } from "./rules/tls.ts";
import type { Settings } from "./settings.ts";

/** Every rule that a single key cannot express. All of them are checked, so that all problems show at once. */
const rulesOf = (services: readonly Service<Settings>[]): readonly Rule<Settings>[] => [
  ...environmentRules,
  ...targetRules,
  ...controllerRules,
  ...dockerRules,
  ...proxyRules,
  ...tlsRules,
  ...frontRules,
  ...cloudflareRules,
  ...bucketRules,
  ...services.flatMap(({ rules = [] }) => rules),
  ...ownServicesRules(services),
  ...egressRules(services),
  ...databaseRules(services),
  ...imagesRules,
  ...registryRules,
  ...appHostRules,
  ...hostRules,
];

/** Everything that is wrong across the settings. */
export function ruleProblems(
  settings: Settings,
  services: readonly Service<Settings>[] = SERVICES,
): readonly SettingsProblem[] {
  return [...rulesOf(services).flatMap((rule) => rule(settings) ?? []), ...requestsWithinLimits(settings)];
}
