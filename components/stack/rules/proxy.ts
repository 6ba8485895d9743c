import { problem, type Rule } from "../../settings/kit/rule.ts";
import type { Settings } from "../settings.ts";

/** Ports of the way in, and its login for operators. */
export const proxyRules: readonly Rule<Settings>[] = [
  ({ platform, rotation }) =>
    platform === "kubernetes" && rotation["proxy-operators"] !== undefined
      ? problem(
          "rotation.proxy-operators",
          String(rotation["proxy-operators"]),
          "nothing with platform kubernetes, where who may forward ports reaches operators' pages",
          "remove it",
        )
      : undefined,
  ({ proxy, front }) =>
    (proxy.bind === "public" || front !== undefined) && proxy.port === proxy.teamPort
      ? problem(
          "proxy.teamPort",
          String(proxy.teamPort),
          `another port than proxy.port ${proxy.bind === "public" ? "when the proxy is public" : "with apprun:front, which would show operators' pages to everybody"}`,
          "change one of them",
        )
      : undefined,
  ({ proxy, front }) =>
    proxy.bind === "loopback" && front === undefined && proxy.port !== proxy.teamPort
      ? problem(
          "proxy.teamPort",
          String(proxy.teamPort),
          "nothing with proxy.bind loopback: operators' pages are on proxy.port",
          "remove it or set proxy.bind to public",
        )
      : undefined,
];
