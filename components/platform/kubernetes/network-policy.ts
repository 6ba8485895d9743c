import { isIP } from "node:net";
import type { types } from "@pulumi/kubernetes";
import type { ClusterAccess } from "../../model/cluster-access.ts";
import type { AnyWorkloadSpec, ContainerSpec, Endpoint } from "../../model/workload.ts";
import type { KubernetesContext } from "./context.ts";
import { API_PORTS, outside } from "./egress.ts";
import { clientLabel, objectMetadata, selectorLabels } from "./labels.ts";

type NetworkPolicy = types.input.networking.v1.NetworkPolicy;
type NetworkPolicySpec = types.input.networking.v1.NetworkPolicySpec;
type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;

const DNS_PORT = 53;
const KUBELET_PORT = 10250;
/** Where a pod of cert-manager answers for the domain. */
const SOLVER_PORT = 8089;

/** Nothing may reach or leave a pod but by another policy. */
export function defaultDeny(context: KubernetesContext): NetworkPolicy {
  return policy(context, "default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
}

/** Every pod may ask the cluster's name server. */
export function allowDns(context: KubernetesContext): NetworkPolicy {
  const to = [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
    ...(context.cluster.dnsAddresses ?? []).map((address) => ({
      ipBlock: { cidr: `${address}/${isIP(address) === 6 ? 128 : 32}` },
    })),
  ];
  const ports = ["UDP", "TCP"].map((protocol) => ({ protocol, port: DNS_PORT }));
  return policy(context, "allow-dns", { podSelector: {}, policyTypes: ["Egress"], egress: [{ to, ports }] });
}

/** A workload's own arrows: who may reach which of its ports, and what it may reach. */
export function workloadPolicy(context: KubernetesContext, name: string, spec: AnyWorkloadSpec): NetworkPolicy {
  const ingress = Object.entries(spec.ports).map(([portName, { port }]) => ({
    from: [{ podSelector: { matchLabels: { [clientLabel({ workload: name, portName })]: "true" } } }],
    ports: [{ protocol: "TCP", port }],
  }));
  return policy(context, name, {
    ...selected(context, name),
    policyTypes: ["Ingress", "Egress"],
    ingress,
    egress: egress(context, spec),
  });
}

/** A job's arrows: nobody reaches it. */
export function jobPolicy(context: KubernetesContext, name: string, spec: ContainerSpec): NetworkPolicy {
  return policy(context, name, { ...selected(context, name), policyTypes: ["Egress"], egress: egress(context, spec) });
}

/** Lets the ingress controller reach the one port that a route leads to. */
export function routePolicy(context: KubernetesContext, route: string, { workload, port }: Endpoint): NetworkPolicy {
  return fromController(context, `route-${route}`, selected(context, workload), port);
}

/** Lets it reach the pods that cert-manager makes in the namespace of a certificate to prove the domain. */
export function solverPolicy(context: KubernetesContext): NetworkPolicy {
  const podSelector = { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } };
  return fromController(context, "acme-solver", { podSelector }, SOLVER_PORT);
}

/** Lets a tunnel's client deliver to the ingress controller. */
export function entryPolicy(context: KubernetesContext, client: string, port: number): NetworkPolicy {
  const { addresses = [] } = context.cluster.ingress;
  const onNodes = addresses.map((cidr) => ({ ipBlock: { cidr } }));
  return policy(context, "tunnel-entry", {
    ...selected(context, client),
    policyTypes: ["Egress"],
    egress: [
      // A pod listens at a port of its own, which its Service hides.
      { to: [controllerPods(context)] },
      // A node has other ports that are nobody's business.
      ...(onNodes.length > 0 ? [{ to: onNodes, ports: [{ protocol: "TCP", port }] }] : []),
    ],
  });
}

function controllerPods({ cluster: { ingress } }: KubernetesContext): types.input.networking.v1.NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": ingress.namespace } },
    podSelector: { matchLabels: { ...ingress.podLabels } },
  };
}

function fromController(
  context: KubernetesContext,
  name: string,
  selector: Pick<NetworkPolicySpec, "podSelector">,
  port: number,
): NetworkPolicy {
  const { addresses = [] } = context.cluster.ingress;
  const from = [controllerPods(context), ...addresses.map((cidr) => ({ ipBlock: { cidr } }))];
  return policy(context, name, {
    ...selector,
    policyTypes: ["Ingress"],
    ingress: [{ from, ports: [{ protocol: "TCP", port }] }],
  });
}

function egress(
  context: KubernetesContext,
  { connectsTo = [], egress: reachesOut = false, clusterAccess }: ContainerSpec,
): EgressRule[] {
  const workloads = connectsTo.map(({ workload, port }) => ({
    to: [{ podSelector: { matchLabels: selectorLabels(context.identity, workload) } }],
    ports: [{ protocol: "TCP", port }],
  }));
  const inside = [...workloads, ...(clusterAccess === undefined ? [] : [clusterEgress(context, clusterAccess)])];
  return reachesOut ? [...inside, ...outside(context.cluster)] : inside;
}

/** The API server has no pod to name: policies see the address of a node. */
function clusterEgress({ cluster }: KubernetesContext, { nodeMetrics = false }: ClusterAccess): EgressRule {
  return {
    to: cluster.nodeCidrs.map((cidr) => ({ ipBlock: { cidr } })),
    ports: [...API_PORTS, ...(nodeMetrics ? [KUBELET_PORT] : [])].map((port) => ({ protocol: "TCP", port })),
  };
}

function selected({ identity }: KubernetesContext, name: string): Pick<NetworkPolicySpec, "podSelector"> {
  return { podSelector: { matchLabels: selectorLabels(identity, name) } };
}

function policy({ identity, namespace }: KubernetesContext, name: string, spec: NetworkPolicySpec): NetworkPolicy {
  return { metadata: objectMetadata({ identity, namespace }, name, "network-policy"), spec };
}
