import type { types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";

type NetworkPolicy = Unwrap<types.input.networking.v1.NetworkPolicy>;
type Peer = Unwrap<types.input.networking.v1.NetworkPolicyPeer>;
type PolicyPort = Unwrap<types.input.networking.v1.NetworkPolicyPort>;
type Selector = Unwrap<types.input.meta.v1.LabelSelector>;

/** A pod as policies see it. */
export interface PolicyPod {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Whether one pod may open a connection to a port of another, by the rules of
 * NetworkPolicy: a direction that some policy of the pod governs is closed but
 * for what one of them allows.
 */
export function allowed(policies: readonly NetworkPolicy[], from: PolicyPod, to: PolicyPod, port: number): boolean {
  return open(policies, "Egress", from, to, port) && open(policies, "Ingress", to, from, port);
}

function open(
  policies: readonly NetworkPolicy[],
  direction: "Ingress" | "Egress",
  pod: PolicyPod,
  other: PolicyPod,
  port: number,
): boolean {
  const governing = policies.filter(
    ({ metadata, spec }) =>
      metadata?.namespace === pod.namespace &&
      selects(spec?.podSelector, pod.labels) &&
      spec?.policyTypes?.includes(direction),
  );
  if (governing.length === 0) return true;
  return governing.some(({ metadata, spec }) =>
    direction === "Ingress"
      ? (spec?.ingress ?? []).some(
          ({ from, ports }) => portMatches(ports, port) && peerMatches(from, other, metadata?.namespace ?? ""),
        )
      : (spec?.egress ?? []).some(
          ({ to, ports }) => portMatches(ports, port) && peerMatches(to, other, metadata?.namespace ?? ""),
        ),
  );
}

function portMatches(ports: PolicyPort[] | undefined, port: number): boolean {
  return (
    ports === undefined || ports.some(({ port: allowedPort, protocol }) => allowedPort === port && protocol === "TCP")
  );
}

/** Pods are in the ranges that address blocks of these stacks leave out, so a block never matches one. */
function peerMatches(peers: Peer[] | undefined, pod: PolicyPod, namespace: string): boolean {
  if (peers === undefined) return true;
  return peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
    if (ipBlock !== undefined) return false;
    const inNamespace =
      namespaceSelector === undefined
        ? pod.namespace === namespace
        : selects(namespaceSelector, { "kubernetes.io/metadata.name": pod.namespace });
    return inNamespace && selects(podSelector, pod.labels);
  });
}

function selects(selector: Selector | undefined, labels: Readonly<Record<string, string>>): boolean {
  if (selector?.matchExpressions !== undefined) throw new Error("expressions are not evaluated here");
  return Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}
