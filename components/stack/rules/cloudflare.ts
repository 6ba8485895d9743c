import { isIPv6 } from "node:net";
import { problem, type Rule } from "../../settings/kit/rule.ts";
import type { Settings } from "../settings.ts";

/** Said here and not only by the routes, so that nothing is registered before it is refused. */
const needsPolicy =
  (audience: "team" | "preview"): Rule<Settings> =>
  ({ platform, cloudflare, proxy }) => {
    const { emailDomains = [], emails = [], serviceToken = false } = cloudflare.access[audience] ?? {};
    // A cluster serves public routes alone.
    const isNeeded =
      cloudflare.enabled && platform === "docker" && (audience === "team" || proxy.audience === audience);
    return isNeeded && !serviceToken && emailDomains.length + emails.length === 0
      ? problem(
          `cloudflare.access.${audience}`,
          "nobody",
          `who may enter what is for ${audience}, with cloudflare.enabled`,
          "set emailDomains, emails or serviceToken",
        )
      : undefined;
  };

/** Cloudflare in front of the stack. */
export const cloudflareRules: readonly Rule<Settings>[] = [
  needsPolicy("team"),
  needsPolicy("preview"),
  ({ cloudflare: { plan, firewall } }) =>
    plan === "free" && firewall.managedRules
      ? problem(
          "cloudflare.firewall.managedRules",
          "true",
          "false with cloudflare.plan free, which has none",
          "remove it or name the zone's plan",
        )
      : undefined,
  ({ cloudflare: { origin, access } }) =>
    origin === "proxy" && access.teamName !== undefined
      ? problem(
          "cloudflare.access.teamName",
          JSON.stringify(access.teamName),
          "nothing with cloudflare.origin proxy: the proxy cannot read tokens of Access, and lets in nobody without the stack's client certificate",
          "remove it, or set cloudflare.origin to tunnel",
        )
      : undefined,
  ({ cloudflare }) =>
    cloudflare.enabled && cloudflare.accountId === undefined
      ? problem(
          "cloudflare.accountId",
          "nothing",
          "the account's id with cloudflare.enabled",
          "copy it from the account's page",
        )
      : undefined,
  ({ cloudflare, secrets }) =>
    cloudflare.enabled && secrets.cloudflareApiToken === undefined
      ? problem(
          "cloudflareApiToken",
          "nothing",
          "a secret with cloudflare.enabled",
          "run: pulumi config set --secret apprun:cloudflareApiToken",
        )
      : undefined,
  ({ cloudflare, domain }) =>
    cloudflare.enabled && !cloudflare.zones.some(({ name }) => domain === name || domain.endsWith(`.${name}`))
      ? problem(
          "cloudflare.zones",
          `no zone of the domain ${domain}`,
          "a list with the zone that holds it",
          "add the zone's name and id",
        )
      : undefined,
  ({ cloudflare, tls }) =>
    cloudflare.enabled && cloudflare.origin === "tunnel" && tls.mode !== "off"
      ? problem(
          "tls.mode",
          JSON.stringify(tls.mode),
          '"off" with cloudflare.origin tunnel: TLS ends at Cloudflare, and a second redirect would never end',
          "remove it",
        )
      : undefined,
  ({ cloudflare, proxy }) =>
    cloudflare.enabled && cloudflare.origin === "tunnel" && proxy.bind !== "loopback"
      ? problem(
          "proxy.bind",
          '"public"',
          '"loopback" with cloudflare.origin tunnel, which needs no open port',
          "remove it or set cloudflare.origin to proxy",
        )
      : undefined,
  ({ cloudflare, proxy }) =>
    cloudflare.enabled && cloudflare.origin === "proxy" && (proxy.bind !== "public" || proxy.tlsPort !== 443)
      ? problem(
          "proxy.bind",
          JSON.stringify(proxy.bind),
          '"public" with HTTPS on port 443 and cloudflare.origin proxy',
          "set proxy.bind and proxy.tlsPort, or cloudflare.origin to tunnel",
        )
      : undefined,
  ({ cloudflare, tls }) =>
    cloudflare.enabled && cloudflare.origin === "proxy" && tls.mode !== "origin"
      ? problem(
          "tls.mode",
          JSON.stringify(tls.mode),
          '"origin" with cloudflare.origin proxy',
          "set it, so that Cloudflare can check the host's certificate",
        )
      : undefined,
  ({ cloudflare, tls }) =>
    tls.mode === "origin" && !(cloudflare.enabled && cloudflare.origin === "proxy")
      ? problem(
          "tls.mode",
          '"origin"',
          "another mode without cloudflare.enabled and cloudflare.origin proxy: only Cloudflare trusts such a certificate",
          "change one of them",
        )
      : undefined,
  ({ cloudflare: { enabled, origin, address }, proxy }) =>
    enabled && origin === "proxy" && address !== undefined && isIPv6(address) && !proxy.ipv6
      ? problem(
          "cloudflare.address",
          JSON.stringify(address),
          "an IPv4 address or a host name without proxy.ipv6: browsers reach Cloudflare by both families in any case",
          "change it, or set proxy.ipv6",
        )
      : undefined,
  ({ cloudflare }) =>
    cloudflare.enabled && cloudflare.origin === "proxy" && cloudflare.address === undefined
      ? problem(
          "cloudflare.address",
          "nothing",
          "the host's address with cloudflare.origin proxy",
          "set it, such as 203.0.113.7",
        )
      : undefined,
];
