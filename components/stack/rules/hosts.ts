import { pageHost } from "../../model/page.ts";
import { problem, type Rule } from "../../settings/kit/rule.ts";
import { pagesOf } from "../pages.ts";
import type { Settings } from "../settings.ts";

/** Host names of the app besides the stack's domain. */
export const hostRules: readonly Rule<Settings>[] = [
  (settings) =>
    (["hosts", "redirects"] as const).flatMap((key) =>
      settings.app[key].flatMap((host) => {
        const same = pagesOf(settings).filter((page) => page.host === host);
        return same.length > 1
          ? [problem(`app.${key}`, JSON.stringify(host), "host names that no other page has", "remove it")]
          : [];
      }),
    ),
  ({ app, platform, kubernetes }) =>
    platform === "kubernetes" && kubernetes.ingress.controller === "other" && app.redirects.length > 0
      ? problem(
          "app.redirects",
          "a list",
          "nothing with kubernetes.ingress.controller other",
          "let that controller redirect",
        )
      : undefined,
  (settings) => {
    const { tls, domain } = settings;
    if (tls.mode !== "acme" || tls.acme?.challenge !== "cloudflare-dns") return undefined;
    const outside = pagesOf(settings).find(({ host }) => host !== domain && !isBelow(host, domain));
    return outside === undefined
      ? undefined
      : problem(
          "tls.acme.challenge",
          `"cloudflare-dns" with the host ${outside.host}`,
          `"http", where a host is not one label below ${domain}: that certificate is for ${domain} and ${pageHost({ label: "*" }, domain)}`,
          "change it",
        );
  },
];

/** Whether a wildcard of the domain names a host: one label below it. */
function isBelow(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`) && !host.slice(0, -domain.length - 1).includes(".");
}
