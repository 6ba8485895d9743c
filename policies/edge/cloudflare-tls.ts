import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { text } from "../read/values.ts";

/** What each setting of a zone that is managed here must be. */
const GOOD: Readonly<Record<string, readonly string[]>> = {
  ssl: ["strict", "origin_pull"],
  min_tls_version: ["1.2", "1.3"],
  always_use_https: ["on"],
};

export const cloudflareTls: ResourcePolicy = {
  kind: "resource",
  name: "cloudflare-tls",
  description:
    "Cloudflare checks the origin's certificate. `flexible` sends passwords in the clear to the origin, and makes loops with its redirects.",
  enforcement: EVERYWHERE,
  allowed: Object.entries(GOOD)
    .map(([setting, values]) => `${setting} ${values.join(" or ")}`)
    .join(", "),
  remedy: "set it so",
  check: ({ type, name, props }) => {
    if (type !== "cloudflare:index/zoneSetting:ZoneSetting") return [];
    const [setting, value] = [text(props["settingId"]) ?? "", text(props["value"])];
    const good = GOOD[setting];
    return good === undefined || value === undefined || good.includes(value)
      ? []
      : [`zone setting "${name}": got ${setting} "${value}"`];
  },
};
