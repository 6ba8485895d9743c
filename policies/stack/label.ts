import { LABELS } from "../../components/model/identity.ts";
import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { dockerLabels } from "../read/docker.ts";
import { kubernetesKind, kubernetesLabels } from "../read/kubernetes.ts";

/** Docker resources that can carry labels; an image belongs to the host. */
const LABELLED = ["docker:index/container:Container", "docker:index/network:Network", "docker:index/volume:Volume"];

/** Kubernetes' recommended label for the instance of an application. */
const INSTANCE = "app.kubernetes.io/instance";

export const stackLabel: ResourcePolicy = {
  kind: "resource",
  name: "stack-label",
  description:
    "Everything carries its stack's label, so that it can be found, and what is orphaned can be removed, without the state.",
  enforcement: EVERYWHERE,
  allowed: `label ${LABELS.stack} on Docker, ${INSTANCE} on Kubernetes`,
  remedy: "register it through the platform",
  check: (resource, { identity }) => {
    const { project, stack } = identity;
    if (LABELLED.includes(resource.type))
      return wrong(resource.name, dockerLabels(resource)[LABELS.stack], `${project}/${stack}`);
    if (kubernetesKind(resource) === undefined) return [];
    return wrong(resource.name, kubernetesLabels(resource)[INSTANCE], `${project}-${stack}`);
  },
};

function wrong(name: string, got: unknown, wanted: string): readonly string[] {
  return got === wanted
    ? []
    : [`"${name}": got ${typeof got === "string" ? `"${got}"` : "no label"} instead of "${wanted}"`];
}
