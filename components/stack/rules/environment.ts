import { problem, type Rule } from "../../settings/kit/rule.ts";
import type { Settings } from "../settings.ts";

/** What a stack's name forbids. */
export const environmentRules: readonly Rule<Settings>[] = [
  ({ environment, volumes }) =>
    environment.kind === "pr" && volumes.protect
      ? problem(
          "volumes.protect",
          "true",
          "false in a PR stack, which is made to be thrown away",
          "remove it or set it to false",
        )
      : undefined,
  ({ environment, proxy }) =>
    environment.kind === "pr" && proxy.bind === "public"
      ? problem(
          "proxy.bind",
          '"public"',
          '"loopback" in a PR stack',
          "remove it and reach the stack through the host's own proxy or a tunnel",
        )
      : undefined,
  ({ environment, domain }) =>
    environment.kind === "prod" && domain.endsWith("localhost")
      ? problem("domain", JSON.stringify(domain), "a domain of your own in prod", 'set it, such as "example.com"')
      : undefined,
];
