import type { types } from "@pulumi/kubernetes";
import type { KubernetesContext } from "./context.ts";
import { objectLabels, objectMetadata } from "./labels.ts";

/** The stack's namespace; it refuses pods that the `restricted` Pod Security Standard does not allow. */
export function namespaceObject({ identity, namespace }: KubernetesContext): types.input.core.v1.Namespace {
  const levels = ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]);
  return {
    metadata: {
      name: namespace,
      labels: {
        ...objectLabels(identity, namespace, "namespace"),
        ...(Object.fromEntries(levels) as Record<string, string>),
      },
    },
  };
}

/** The account of every pod: it may do nothing, and its token is mounted nowhere. */
export function serviceAccount(context: KubernetesContext): types.input.core.v1.ServiceAccount {
  return { metadata: objectMetadata(context, "workload", "account"), automountServiceAccountToken: false };
}
