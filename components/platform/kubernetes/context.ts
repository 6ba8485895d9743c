import type { StackIdentity } from "../../model/identity.ts";

/** A taint of nodes that pods bear, in Kubernetes' own words. */
export interface Toleration {
  readonly key?: string | undefined;
  readonly operator: "Equal" | "Exists";
  readonly value?: string | undefined;
  /** @default - every effect */
  readonly effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute" | undefined;
}

/** On which nodes pods run. */
export interface Placement {
  /** Labels of the nodes. @default {} */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Labels, besides those, of the nodes where pods with volumes run. @default {} */
  readonly dataNodeSelector?: Readonly<Record<string, string>>;
  /** @default [] */
  readonly tolerations?: readonly Toleration[];
}

/** The cluster as a stack's settings describe it. */
export interface ClusterSettings extends Placement {
  /** Class of volumes; `@default -` a class of the stack's own with k3s's provisioner */
  readonly storageClass?: string | undefined;
  /** Class for volumes that several replicas share; `@default -` they share one node's volume */
  readonly sharedStorageClass?: string | undefined;
  /** The ingress controller: its class, and how its pods are found. */
  readonly ingress: {
    readonly class: string;
    /** Whether it knows Traefik's own kinds, which carry limits, headers and redirects. */
    readonly controller: "traefik" | "other";
    readonly namespace: string;
    readonly podLabels: Readonly<Record<string, string>>;
    /** Its Service, which takes plain HTTP on port 80. */
    readonly service: string;
    /** Where its requests come from, on the nodes' own network. @default [] */
    readonly addresses?: readonly string[];
    /** Annotations of every Ingress; Traefik's own kinds get none of them. @default {} */
    readonly annotations?: Readonly<Record<string, string>>;
    /** cert-manager's issuer; `@default -` certificates are given */
    readonly clusterIssuer?: string | undefined;
  };
  /** Addresses of pods and services. */
  readonly clusterCidrs: readonly string[];
  /** Addresses of the nodes, on which the API server and the kubelets answer. */
  readonly nodeCidrs: readonly string[];
  /** Private addresses and namespaces that are part of the outside. @default [] */
  readonly egressCidrs?: readonly string[];
  readonly egressNamespaces?: readonly string[];
  /** Name servers that are no pods of kube-dns. @default [] */
  readonly dnsAddresses?: readonly string[];
}

/** What the pure functions of this folder need to know about the stack. */
export interface KubernetesContext {
  readonly identity: StackIdentity;
  readonly namespace: string;
  readonly cluster: ClusterSettings;
  /** The Secret of logins that pods pull their image with. @default - nobody logs in */
  readonly pullSecret?: string | undefined;
}

/** The namespace of a stack; a namespace holds one stack and nothing else. */
export function namespaceOf({ project, stack }: StackIdentity): string {
  return `${project}-${stack}`;
}

/** The StorageClass that a stack makes where its settings name none. */
export function ownStorageClass(identity: StackIdentity): string {
  return `${namespaceOf(identity)}-data`;
}
