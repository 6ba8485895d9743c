import type { Deployment } from "@pulumi/pulumi/automation/index.js";

/** The part of a resource's state that the commands look at. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  /** Whether the engine refuses to delete it. */
  readonly protect?: boolean;
  /** Whether it stays where it is when the engine forgets it: it holds data. */
  readonly retainOnDelete?: boolean;
  /** Whether another took its place already, and only its deletion is still to come. */
  readonly delete?: boolean;
  readonly outputs?: {
    readonly metadata?: { readonly uid?: string };
    /** Of Temporal: what its database was made with. */
    readonly historyShards?: number;
    /** Of the stack itself: where its data is. */
    readonly place?: { readonly engine?: string; readonly data?: readonly string[] };
  };
  readonly inputs?: {
    readonly name?: string;
    readonly metadata?: { readonly name?: string };
    /** What a container mounts. */
    readonly volumes?: readonly { readonly volumeName?: string }[];
    readonly spec?: unknown;
    /** Where a provider of Docker works. */
    readonly host?: unknown;
    readonly certPath?: unknown;
    /** Where a provider of Kubernetes works. */
    readonly kubeconfig?: unknown;
    readonly context?: unknown;
  };
}

/** The part of a stack's state that the commands look at. */
export interface State {
  readonly resources?: readonly StateResource[];
  readonly pending_operations?: readonly { readonly resource: StateResource }[];
}

/** The name that the program gave to a resource. */
export function resourceName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

export function stateOf(exported: Deployment): State {
  return (exported.deployment ?? {}) as State;
}
