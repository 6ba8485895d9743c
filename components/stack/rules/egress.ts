import { isIP } from "node:net";
import { isClosed, namespaceOfService } from "../../platform/kubernetes/egress.ts";
import type { Service } from "../../services/service.ts";
import { problem, type Rule } from "../../settings/kit/rule.ts";
import { namedHosts } from "../outside-servers.ts";
import type { Settings } from "../settings.ts";

/** Servers that a setting names and network policies would keep every pod from. */
export function egressRules(services: readonly Service<Settings>[]): readonly Rule<Settings>[] {
  return [
    (settings) => {
      const { platform, kubernetes } = settings;
      if (platform !== "kubernetes") return undefined;
      return namedHosts(settings, services).flatMap(({ setting, host }) => {
        const namespace = namespaceOfService(host);
        if (namespace !== undefined && !kubernetes.egressNamespaces.includes(namespace))
          return [
            problem(
              setting,
              `${host}, a Service of this cluster`,
              "with platform kubernetes: one in a namespace of kubernetes.egressNamespaces, because pods reach no other",
              `add "${namespace}" there`,
            ),
          ];
        return isIP(host) !== 0 && isClosed(host, kubernetes)
          ? [
              problem(
                setting,
                `${host}, a private address`,
                "with platform kubernetes: a public address, or one within kubernetes.egressCidrs, because pods reach no other",
                `add "${host}/${isIP(host) === 6 ? 128 : 32}" or its network there`,
              ),
            ]
          : [];
      });
    },
  ];
}
