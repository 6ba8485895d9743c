/** What a container may read of the cluster that runs it. It may change nothing. */
export interface ClusterAccess {
  /** Kinds in the stack's own namespace, by API group; `""` is the core. @default {} */
  readonly namespace?: Readonly<Record<string, readonly string[]>>;
  /**
   * Whether it may list the nodes and read what their kubelets measure. No
   * narrower right exists than all of it, other namespaces' pods among it.
   * @default false
   */
  readonly nodeMetrics?: boolean;
}
