import { EVERYWHERE, type PolicyResource, type StackPolicy } from "../policy.ts";
import { kubernetesKind } from "../read/kubernetes.ts";
import { objectName } from "../read/replicas.ts";
import { at, list, record, text, texts } from "../read/values.ts";

export const defaultDeny: StackPolicy = {
  kind: "stack",
  name: "default-deny",
  description: "Every namespace of the stack denies all traffic that no other NetworkPolicy allows, in and out.",
  enforcement: EVERYWHERE,
  allowed: "a NetworkPolicy of all its pods for Ingress and Egress without a rule",
  remedy: "let the platform make it",
  check: (resources) => {
    const policies = resources.filter((resource) => kubernetesKind(resource) === "NetworkPolicy").filter(deniesAll);
    return resources
      .filter((resource) => kubernetesKind(resource) === "Namespace")
      .filter(
        (namespace) =>
          !policies.some((policy) => text(at(policy.props, "metadata", "namespace")) === objectName(namespace)),
      )
      .map(({ name }) => `Namespace "${name}": got none`);
  },
};

function deniesAll({ props }: PolicyResource): boolean {
  const spec = record(props["spec"]);
  const types = texts(spec["policyTypes"]);
  const all = Object.values(record(spec["podSelector"])).every(
    (part) => Object.keys(record(part)).length === 0 && list(part).length === 0,
  );
  return (
    all &&
    ["Ingress", "Egress"].every((type) => types.includes(type)) &&
    list(spec["ingress"]).length === 0 &&
    list(spec["egress"]).length === 0
  );
}
