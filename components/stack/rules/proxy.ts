import { problem, type Rule } from "../../settings/kit/rule.ts";
import type { Settings } from "../settings.ts";

/** Ports of the way in. */
export const proxyRules: readonly Rule<Settings>[] = [
  ({ proxy }) =>
    proxy.bind === "public" && proxy.port === proxy.teamPort
      ? problem(
          "proxy.teamPort",
          String(proxy.teamPort),
          "another port than proxy.port when the proxy is public",
          "change one of them",
        )
      : undefined,
  ({ proxy }) =>
    proxy.bind === "loopback" && proxy.port !== proxy.teamPort
      ? problem(
          "proxy.teamPort",
          String(proxy.teamPort),
          "nothing with proxy.bind loopback: operators' pages are on proxy.port",
          "remove it or set proxy.bind to public",
        )
      : undefined,
];
