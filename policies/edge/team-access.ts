import { SERVICES } from "../../components/services/catalogue.ts";
import { PROD_ONLY, type PolicyResource, type StackPolicy } from "../policy.ts";
import { at, list, record, text, texts } from "../read/values.ts";

/** First labels of the host names of operators' pages. */
const TEAM_LABELS: readonly string[] = SERVICES.flatMap((service) =>
  "pages" in service ? [...service.pages] : [],
).flatMap(({ audience, ...page }) => (audience === "team" && "label" in page ? [page.label] : []));

export const teamAccess: StackPolicy = {
  kind: "stack",
  name: "team-access",
  description: "Behind Cloudflare, operators' pages are reached through Access only.",
  enforcement: PROD_ONLY,
  allowed: "host names with an Access application",
  remedy: "give the route the audience team, with Access on",
  check: (resources, { named }) => {
    const labels = [...TEAM_LABELS, ...(named?.teamLabels ?? [])];
    const guarded = resources.filter(({ type }) => type.endsWith(":ZeroTrustAccessApplication")).flatMap(guardedHosts);
    return [...new Set(resources.flatMap(publishedHosts))]
      .filter((host) => labels.includes(host.split(".")[0] ?? "") && !guarded.some((pattern) => covers(pattern, host)))
      .map((host) => `host name "${host}": got no Access application`);
  },
};

/** Host names that a proxied record or a tunnel makes reachable. */
function publishedHosts({ type, props }: PolicyResource): readonly string[] {
  if (type === "cloudflare:index/dnsRecord:DnsRecord")
    return props["proxied"] === true ? [text(props["name"]) ?? ""] : [];
  if (!type.endsWith(":ZeroTrustTunnelCloudflaredConfig")) return [];
  return list(at(props, "config", "ingresses")).flatMap((ingress) => texts([record(ingress)["hostname"]]));
}

function guardedHosts({ props }: PolicyResource): readonly string[] {
  const destinations = list(props["destinations"]).flatMap((destination) => texts([record(destination)["uri"]]));
  return [text(props["domain"]) ?? "", ...texts(props["selfHostedDomains"]), ...destinations].map(
    (uri) => uri.split("/")[0] ?? "",
  );
}

function covers(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith("*.") && host.endsWith(pattern.slice(1)));
}
