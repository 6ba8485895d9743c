import type { PolicyResource } from "../policy.ts";
import { kubernetesKind } from "./kubernetes.ts";
import { at, text } from "./values.ts";

/** Replicas of a Deployment; where an autoscaler decides, its minimum. */
export function deploymentReplicas(deployment: PolicyResource, resources: readonly PolicyResource[]): number {
  const scaler = resources.find(
    (resource) =>
      kubernetesKind(resource) === "HorizontalPodAutoscaler" &&
      text(at(resource.props, "spec", "scaleTargetRef", "name")) === objectName(deployment),
  );
  return Number(
    (scaler === undefined ? at(deployment.props, "spec", "replicas") : at(scaler.props, "spec", "minReplicas")) ?? 1,
  );
}

/** The name in the cluster; the logical one where the provider makes it. */
export function objectName({ props, name }: PolicyResource): string {
  return text(at(props, "metadata", "name")) ?? name;
}
