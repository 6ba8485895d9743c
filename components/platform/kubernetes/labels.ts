import type { StackIdentity } from "../../model/identity.ts";
import type { ContainerSpec, Endpoint } from "../../model/workload.ts";
import { namespaceOf, type KubernetesContext } from "./context.ts";

/** What the pods of one workload or job have, and no others: what selects them. */
export function selectorLabels(identity: StackIdentity, name: string): Record<string, string> {
  return { "app.kubernetes.io/instance": namespaceOf(identity), "app.kubernetes.io/name": name };
}

/** Labels of every object, by the names that Kubernetes recommends. */
export function objectLabels(identity: StackIdentity, name: string, component: string): Record<string, string> {
  return {
    "app.kubernetes.io/component": component,
    ...selectorLabels(identity, name),
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/part-of": identity.project,
  };
}

/** Name, namespace and labels of an object in the stack's namespace. */
export function objectMetadata(
  { identity, namespace }: Pick<KubernetesContext, "identity" | "namespace">,
  name: string,
  component: string,
) {
  return { name, namespace, labels: objectLabels(identity, name, component) };
}

/** The annotation that keeps the provider from waiting for an object. */
export const NO_AWAIT = { "pulumi.com/skipAwait": "true" };

/**
 * The label of pods that may open connections to a port. A port's policy lets
 * in whoever carries it: so a policy stands before its clients are known.
 */
export function clientLabel({ workload, portName }: Pick<Endpoint, "workload" | "portName">): string {
  return `client.apprun.io/${workload}-${portName}`;
}

const LOGS_LABEL = "apprun.io/logs";
/** Selects the pods whose lines are collected. */
export const COLLECTED = `${LOGS_LABEL}!=local`;

/** Labels of the pods themselves: what they are, what they may connect to and where their lines go. */
export function podLabels(
  identity: StackIdentity,
  name: string,
  component: string,
  { connectsTo = [], logs }: Pick<ContainerSpec, "connectsTo" | "logs"> = {},
): Record<string, string> {
  const clients = connectsTo.map((endpoint) => [clientLabel(endpoint), "true"] as const);
  return {
    ...objectLabels(identity, name, component),
    ...Object.fromEntries(clients),
    ...(logs === "local" && { [LOGS_LABEL]: logs }),
  };
}
