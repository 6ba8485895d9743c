import { NOT_ELSEWHERE, type StackPolicy } from "../policy.ts";
import { kubernetesKind } from "../read/kubernetes.ts";
import { deploymentReplicas } from "../read/replicas.ts";

/** Deployments that may not run twice, with the reason. */
const SINGLE: Readonly<Record<string, string>> = {
  "backup-metrics": "it answers with one file, and nobody waits for it",
  "cache-exporter": "a second one would count everything twice, and nobody waits for it",
  grafana: "its database is a file",
  "kube-state-metrics": "a second one would count everything twice, and nobody waits for it",
  kratos: "its courier would send each mail twice",
  "nats-exporter": "a second one would count everything twice, and nobody waits for it",
  "postgres-exporter": "a second one would count everything twice, and nobody waits for it",
  temporal: "one frontend, history, matching and worker in one process",
  "temporal-ui": "operators' page",
};

export const replicas: StackPolicy = {
  kind: "stack",
  name: "replicas",
  description: "In production every Deployment survives the loss of a pod, but for those that may not run twice.",
  enforcement: NOT_ELSEWHERE,
  allowed: `2 replicas or more, or an autoscaler; 1 for ${Object.keys(SINGLE).join(", ")}`,
  remedy: "raise its replicas",
  check: (resources) =>
    resources
      .filter((resource) => kubernetesKind(resource) === "Deployment" && !Object.hasOwn(SINGLE, resource.name) && deploymentReplicas(resource, resources) < 2)
      .map((resource) => `Deployment "${resource.name}": got ${deploymentReplicas(resource, resources)} replica`),
};
