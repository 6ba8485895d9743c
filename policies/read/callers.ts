import type { PolicyResource } from "../policy.ts";
import { kubernetesKind, podTemplate, selects } from "./kubernetes.ts";
import { at, list, record, text, texts } from "./values.ts";

/** A port of a pod, by name and number. */
export interface PodPort {
  readonly name: string;
  readonly port: number;
}

/** Every port of a Kubernetes object's containers. */
export function podPorts(resource: PolicyResource): readonly PodPort[] {
  return list(at(podTemplate(resource), "spec", "containers"))
    .flatMap((container) => list(record(container)["ports"]).map(record))
    .map(({ name, containerPort }) => ({ name: text(name) ?? "", port: Number(containerPort) }));
}

/** Whether something may open connections to a port: a pod of the stack, or what is outside of it. Without a NetworkPolicy everything may. */
export function isCalled(resource: PolicyResource, port: PodPort, resources: readonly PolicyResource[]): boolean {
  const labels = at(podTemplate(resource), "metadata", "labels");
  const isolating = resources
    .filter((other) => kubernetesKind(other) === "NetworkPolicy")
    .map(({ props }) => record(props["spec"]))
    .filter(({ podSelector, policyTypes }) => texts(policyTypes).includes("Ingress") && selects(podSelector, labels));
  const rules = isolating
    .flatMap(({ ingress }) => list(ingress).map(record))
    .filter(({ ports }) => covers(list(ports), port));
  return (
    isolating.length === 0 ||
    rules.some(({ from }) => list(from).length === 0 || list(from).some((peer) => exists(record(peer), resources)))
  );
}

function covers(ports: readonly unknown[], { name, port }: PodPort): boolean {
  return ports.length === 0 || ports.some((entry) => [name, port].includes(record(entry)["port"] as string | number));
}

/** Whether a peer is there: pods by their labels may be none, and of what is outside nobody here can tell. */
function exists(
  { podSelector, ...outside }: Readonly<Record<string, unknown>>,
  resources: readonly PolicyResource[],
): boolean {
  return (
    Object.keys(outside).length > 0 ||
    resources.some((resource) => selects(podSelector, at(podTemplate(resource), "metadata", "labels")))
  );
}
