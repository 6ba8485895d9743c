import { NOT_ELSEWHERE, type PolicyResource, type StackPolicy } from "../policy.ts";
import { kubernetesKind, podTemplate, selects } from "../read/kubernetes.ts";
import { deploymentReplicas } from "../read/replicas.ts";
import { at, record } from "../read/values.ts";

export const disruptionBudget: StackPolicy = {
  kind: "stack",
  name: "disruption-budget",
  description:
    "In production a Deployment with several replicas has a disruption budget, so that a drained node never takes all of them.",
  enforcement: NOT_ELSEWHERE,
  allowed: "a PodDisruptionBudget that selects its pods",
  remedy: "let the platform make it",
  check: (resources) => {
    const budgets = resources.filter((resource) => kubernetesKind(resource) === "PodDisruptionBudget");
    return resources
      .filter((resource) => kubernetesKind(resource) === "Deployment" && deploymentReplicas(resource, resources) > 1)
      .filter((deployment) => !budgets.some((budget) => covers(budget, deployment)))
      .map(({ name }) => `Deployment "${name}": got no PodDisruptionBudget`);
  },
};

function covers(budget: PolicyResource, deployment: PolicyResource): boolean {
  const selector = at(budget.props, "spec", "selector");
  return (
    Object.keys(record(at(selector, "matchLabels"))).length > 0 &&
    selects(selector, at(podTemplate(deployment), "metadata", "labels"))
  );
}
