import { SHOWN, type StackPolicy } from "../policy.ts";
import { text } from "../read/values.ts";

export const cloudflareNames: StackPolicy = {
  kind: "stack",
  name: "cloudflare-names",
  description:
    "Cloudflare's own certificate covers a zone and one label below it. Browsers cannot open a name further down without an advanced certificate.",
  enforcement: SHOWN,
  allowed: "names at most one label below the zone",
  remedy: "choose a domain that is the zone itself, or order an advanced certificate and accept this policy",
  check: (resources, { cloudflare }) => {
    const zones = cloudflare?.zones ?? [];
    const deep = resources
      .filter(({ type, props }) => type === "cloudflare:index/dnsRecord:DnsRecord" && props["proxied"] === true)
      .map(({ props }) => text(props["name"]) ?? "")
      .filter((name) => labelsBelow(name, zones) > 1);
    return deep.length === 0 ? [] : [`${[...deep].sort().join(", ")}: got more than one label below the zone`];
  },
};

/** Labels of a name before its zone, which is the closest one. */
function labelsBelow(name: string, zones: readonly string[]): number {
  const zone = zones.filter((each) => name.endsWith(`.${each}`)).sort((a, b) => b.length - a.length)[0];
  return zone === undefined ? 0 : name.slice(0, -zone.length - 1).split(".").length;
}
