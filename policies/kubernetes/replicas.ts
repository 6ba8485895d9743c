import { NOT_ELSEWHERE, type PolicyResource, type StackPolicy } from "../policy.ts";
import { isCalled, podPorts } from "../read/callers.ts";
import { kubernetesKind } from "../read/kubernetes.ts";
import { deploymentReplicas } from "../read/replicas.ts";
import { at } from "../read/values.ts";

/** The port that Prometheus alone reads: the figures of a minute without it are missing, and nobody waits. */
const METRICS = "metrics";

export const replicas: StackPolicy = {
  kind: "stack",
  name: "replicas",
  description:
    "In production every Deployment that others call survives the loss of a pod, except those that must not run twice.",
  enforcement: NOT_ELSEWHERE,
  allowed:
    "2 replicas or more, or an autoscaler; 1 with strategy Recreate, or where no route and no pod but Prometheus may connect",
  remedy: "raise its replicas",
  check: (resources) =>
    resources
      .filter((resource) => kubernetesKind(resource) === "Deployment" && deploymentReplicas(resource, resources) < 2)
      .filter((deployment) => !runsOnce(deployment) && isWaitedFor(deployment, resources))
      .map((resource) => `Deployment "${resource.name}": got ${deploymentReplicas(resource, resources)} replica`),
};

/** What the platform writes for a workload of which two must not run side by side. */
function runsOnce({ props }: PolicyResource): boolean {
  return at(props, "spec", "strategy", "type") === "Recreate";
}

/** What has no port may do work of its own, so it counts as well. */
function isWaitedFor(deployment: PolicyResource, resources: readonly PolicyResource[]): boolean {
  const ports = podPorts(deployment);
  return ports.length === 0 || ports.some((port) => port.name !== METRICS && isCalled(deployment, port, resources));
}
