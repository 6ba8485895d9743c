import { problem, type Rule } from "../../settings/kit/rule.ts";
import type { Settings } from "../settings.ts";

/** What stands in front of the way in, and who ends TLS. */
export const frontRules: readonly Rule<Settings>[] = [
  ({ front, cloudflare, limits }) =>
    limits.clients === "together" && (front !== undefined || cloudflare.enabled)
      ? problem(
          "limits.clients",
          '"together"',
          `nothing with ${front === undefined ? "cloudflare.enabled" : "apprun:front"}, which names each client`,
          "remove it",
        )
      : undefined,
  ({ tls, front, cloudflare }) =>
    tls.mode === "external" && front === undefined && !cloudflare.enabled
      ? problem(
          "front",
          "nothing",
          "what ends TLS in front of this stack, with tls.mode external",
          "set it: {} for a proxy on the same host, or its addresses",
        )
      : undefined,
  ({ front, cloudflare }) =>
    front !== undefined && cloudflare.enabled
      ? problem(
          "front",
          "a map",
          "nothing with cloudflare.enabled: Cloudflare is what stands in front",
          "remove one of them",
        )
      : undefined,
  ({ front, proxy, platform }) =>
    front !== undefined && front.addresses === undefined && platform === "docker" && proxy.bind === "public"
      ? problem(
          "front.addresses",
          "nothing",
          "the addresses that the proxy in front connects from, with proxy.bind public",
          'set it, such as ["10.0.0.5"]',
        )
      : undefined,
  ({ front, platform }) =>
    front?.addresses !== undefined && platform === "kubernetes"
      ? problem(
          "front.addresses",
          JSON.stringify(front.addresses),
          "nothing with platform kubernetes, where the ingress controller says whom it trusts",
          "remove it, and set forwardedHeaders.trustedIPs of that controller's entry points",
        )
      : undefined,
  ({ front }) =>
    front?.hops !== undefined && front.clientAddress === "proxy-protocol"
      ? problem(
          "front.hops",
          String(front.hops),
          "nothing with front.clientAddress proxy-protocol, which names one address",
          "remove it",
        )
      : undefined,
];
