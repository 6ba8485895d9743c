import { NOT_ELSEWHERE, type PolicyResource, type StackPolicy } from "../policy.ts";
import { kubernetesKind, kubernetesLabels } from "../read/kubernetes.ts";
import { at, list, text } from "../read/values.ts";

export const claimsRetained: StackPolicy = {
  kind: "stack",
  name: "claims-retained",
  description:
    "In production the disk behind a claim outlives the claim: the engine protects the claim, or its storage class retains the disk. The label of a claim may say that its disk can be made again.",
  enforcement: NOT_ELSEWHERE,
  allowed: "a protected claim, or a storage class of this stack with reclaimPolicy Retain",
  remedy: "leave volumes.protect on",
  check: (resources) => {
    const retaining = new Set(
      resources
        .filter(
          (resource) => kubernetesKind(resource) === "StorageClass" && resource.props["reclaimPolicy"] === "Retain",
        )
        .map((resource) => text(at(resource.props, "metadata", "name")) ?? resource.name),
    );
    return resources.flatMap((resource) =>
      claims(resource)
        .filter(({ storageClass }) => !resource.protect && !retaining.has(storageClass ?? ""))
        .map(
          ({ label, storageClass }) =>
            `${label}: got an unprotected claim of class "${storageClass ?? "the cluster's default"}"`,
        ),
    );
  },
};

/** On a claim it says what the volume is kept for: `data` or `cache`. */
const COMPONENT = "app.kubernetes.io/component";

interface Claim {
  readonly label: string;
  readonly storageClass: string | undefined;
}

/** A claim of its own, and the templates of a StatefulSet. */
function claims(resource: PolicyResource): readonly Claim[] {
  const storageClass = (spec: unknown) => text(at(spec, "storageClassName"));
  const kind = kubernetesKind(resource);
  if (kind === "PersistentVolumeClaim" && kubernetesLabels(resource)[COMPONENT] === "cache") return [];
  if (kind === "PersistentVolumeClaim")
    return [{ label: `PersistentVolumeClaim "${resource.name}"`, storageClass: storageClass(resource.props["spec"]) }];
  if (kind !== "StatefulSet") return [];
  return list(at(resource.props, "spec", "volumeClaimTemplates")).map((template) => ({
    label: `StatefulSet "${resource.name}", claim "${text(at(template, "metadata", "name")) ?? ""}"`,
    storageClass: storageClass(at(template, "spec")),
  }));
}
