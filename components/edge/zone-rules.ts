import type { RulesetArgs, types } from "@pulumi/cloudflare";
import type { Plan } from "../model/cloudflare-plans.ts";
import { RATE_CLASSES, type RateClass, type RequestLimits } from "../model/limits.ts";
import { hostNames, ROOT_PATH, type Route } from "../model/page.ts";

type Rule = types.input.RulesetRule;
type Phase =
  "http_request_firewall_custom" | "http_request_firewall_managed" | "http_ratelimit" | "http_request_cache_settings";

/** The rules of one phase of a zone. A zone has one such set for each phase, so one stack of the zone owns them all. */
export interface ZoneRules extends Omit<RulesetArgs, "zoneId"> {
  readonly phase: Phase;
  readonly rules: Rule[];
}

export interface ZoneRulesArgs {
  readonly routes: readonly Route[];
  readonly limits: RequestLimits;
  /** The zone's plan. @default - every rule is made */
  readonly plan?: Plan | undefined;
  /** Whether Cloudflare's managed rules are run; needs a paid plan of the zone. */
  readonly managedRules: boolean;
}

/** Every set of rules that the routes of a zone ask for. */
export function zoneRules({ routes, limits, plan, managedRules }: ZoneRulesArgs): readonly ZoneRules[] {
  const open = routes.filter(({ audience }) => audience === "public");
  return [
    ruleset("http_request_firewall_custom", [hiddenFiles(routes)]),
    ...(managedRules ? [ruleset("http_request_firewall_managed", MANAGED)] : []),
    // Those of the free plan see no host names: one would count the requests of every stack of the zone.
    ...(plan === "free" ? [] : [ruleset("http_ratelimit", rateRules(open, limits))]),
    ruleset("http_request_cache_settings", cacheRules(open)),
  ].filter(({ rules }) => rules.length > 0);
}

function ruleset(phase: Phase, rules: Rule[]): ZoneRules {
  return { name: `apprun ${phase}`, kind: "zone", phase, rules };
}

/** Paths that no page of the stack has, and metrics, which are for Prometheus inside. */
const NEVER_ASKED = ["/.env", "/.git", "/.aws", "/wp-login.php", "/metrics"];

function hiddenFiles(routes: readonly Route[]): Rule {
  const paths = NEVER_ASKED.map((path) => `starts_with(http.request.uri.path, "${path}")`).join(" or ");
  return {
    ref: "hidden-files",
    description: "What only scanners ask for",
    action: "block",
    expression: `${onHosts(routes)} and (${paths})`,
    enabled: true,
  };
}

/** Ids of Cloudflare's own rule sets, the same in every zone: developers.cloudflare.com/waf/managed-rules. */
const MANAGED: Rule[] = [
  ["managed", "Cloudflare Managed Ruleset", "efb7b8c949ac4650a09736fc376e9aee"],
  ["owasp", "OWASP Core Ruleset", "4814384a9e5d4991b9815dcfc25d2f1f"],
].map(([ref = "", description = "", id = ""]) => ({
  ref,
  description,
  action: "execute",
  actionParameters: { id },
  expression: "true",
  enabled: true,
}));

/** Seconds; the shortest that every plan has. */
const PERIOD = 10;

/** One rule a class, for what anybody may ask: the proxy's own limits, before a request travels to it. */
function rateRules(routes: readonly Route[], { rates }: RequestLimits): Rule[] {
  return RATE_CLASSES.flatMap((name: RateClass) => {
    const members = routes.filter(({ rate }) => rate === name);
    if (members.length === 0) return [];
    const { average, burst } = rates[name];
    return [
      {
        ref: `rate-${name}`,
        description: `Requests of class ${name} from one address`,
        action: "block",
        expression: onHosts(members),
        ratelimit: {
          characteristics: ["ip.src", "cf.colo.id"],
          period: PERIOD,
          requestsPerPeriod: Math.max(burst, average * PERIOD),
          mitigationTimeout: PERIOD,
        },
        enabled: true,
      },
    ];
  });
}

/** What is the same for everybody is kept as long as the answer itself says. */
function cacheRules(routes: readonly Route[]): Rule[] {
  return routes.flatMap(({ name, host, path = ROOT_PATH, staticPaths = [] }) => {
    if (staticPaths.length === 0) return [];
    const below = path === ROOT_PATH ? "" : path;
    const paths = staticPaths.map((prefix) => `starts_with(http.request.uri.path, "${below}${prefix}")`).join(" or ");
    return [
      {
        ref: `static-${name}`,
        description: `Static paths of ${name}`,
        action: "set_cache_settings",
        actionParameters: { cache: true, edgeTtl: { mode: "respect_origin" }, browserTtl: { mode: "respect_origin" } },
        expression: `http.host eq "${host}" and (${paths})`,
        enabled: true,
      },
    ];
  });
}

function onHosts(routes: readonly Route[]): string {
  return `http.host in {${hostNames(routes)
    .map((host) => `"${host}"`)
    .join(" ")}}`;
}
