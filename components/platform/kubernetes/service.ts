import type { types } from "@pulumi/kubernetes";
import type { AnyWorkloadSpec } from "../../model/workload.ts";
import type { KubernetesContext } from "./context.ts";
import { NO_AWAIT, objectMetadata, selectorLabels } from "./labels.ts";

/** The Service that clients of a workload ask for; inside the cluster only. */
export function service(context: KubernetesContext, name: string, spec: AnyWorkloadSpec): types.input.core.v1.Service {
  return {
    metadata: metadata(context, name, spec),
    spec: { type: "ClusterIP", selector: selectorLabels(context.identity, name), ports: ports(spec) },
  };
}

/** The name that resolves to the address of every pod. */
export function podsServiceName(name: string): string {
  return `${name}-pods`;
}

/** A Service without an address of its own, for who must reach every pod. */
export function podsService(
  context: KubernetesContext,
  name: string,
  spec: AnyWorkloadSpec,
): types.input.core.v1.Service {
  return {
    metadata: { ...metadata(context, name, spec), name: podsServiceName(name) },
    spec: { clusterIP: "None", selector: selectorLabels(context.identity, name), ports: ports(spec) },
  };
}

/** The provider would wait for pods that answer, and those wait for the Service: the workload's own rollout is awaited instead. */
function metadata(context: KubernetesContext, name: string, spec: AnyWorkloadSpec) {
  return { ...objectMetadata(context, name, spec.tier), annotations: NO_AWAIT };
}

function ports(spec: AnyWorkloadSpec): types.input.core.v1.ServicePort[] {
  return Object.entries(spec.ports).map(([name, { port }]) => ({ name, port, targetPort: name, protocol: "TCP" }));
}
