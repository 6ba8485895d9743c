import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { kubernetesKind, kubernetesLabels } from "../read/kubernetes.ts";
import { text } from "../read/values.ts";

const ENFORCE = "pod-security.kubernetes.io/enforce";

export const podSecurity: ResourcePolicy = {
  kind: "resource",
  name: "pod-security",
  description:
    "Every namespace enforces the restricted Pod Security Standard: the cluster itself refuses what these policies missed.",
  enforcement: EVERYWHERE,
  allowed: `label ${ENFORCE}: restricted`,
  remedy: "let the platform make the namespace",
  check: (resource) => {
    if (kubernetesKind(resource) !== "Namespace") return [];
    const level = text(kubernetesLabels(resource)[ENFORCE]) ?? "none";
    return level === "restricted" ? [] : [`Namespace "${resource.name}": got ${level}`];
  },
};
