import { LONGEST_ANSWER, PLAN_LIMITS } from "../../components/model/cloudflare-plans.ts";
import { SHOWN, type StackPolicy } from "../policy.ts";
import { list, text } from "../read/values.ts";

const MEGABYTE = 1_000_000;

export const cloudflarePlan: StackPolicy = {
  kind: "stack",
  name: "cloudflare-plan",
  description:
    "What the settings ask of Cloudflare is within the plan of the zone. It refuses more rules, ends larger uploads with 413 and slower answers with 524.",
  enforcement: SHOWN,
  allowed: "what the zone's plan has",
  remedy: "lower it, or set cloudflare.plan to the plan of the zone",
  check: (resources, { cloudflare }) => {
    if (cloudflare === undefined) return [];
    const { plan, maxBody, responseTimeout } = cloudflare;
    const { body, rules } = PLAN_LIMITS[plan];
    return [
      ...(maxBody > body * MEGABYTE
        ? [`limits.maxBody: got ${Math.ceil(maxBody / MEGABYTE)} MB, where the plan ${plan} takes ${body} MB`]
        : []),
      ...(responseTimeout > LONGEST_ANSWER
        ? [`limits.responseTimeout: got ${responseTimeout} s, where Cloudflare waits ${LONGEST_ANSWER} s`]
        : []),
      ...resources
        .filter(({ type }) => type === "cloudflare:index/ruleset:Ruleset")
        .flatMap(({ name, props }) => {
          const phase = text(props["phase"]) ?? "";
          const [count, most] = [list(props["rules"]).length, rules[phase]];
          return most !== undefined && count > most
            ? [`rules "${name}": got ${count} of ${phase}, where the plan ${plan} has ${most} that see host names`]
            : [];
        }),
    ];
  },
};
