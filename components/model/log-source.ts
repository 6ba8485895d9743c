/**
 * How a collector of logs gets at the lines of the stack's containers.
 *
 * - `engine`: the container engine sends them as GELF to a UDP port of the host's loopback
 * - `cluster`: the API server has them, for the pods of a namespace that a label selector matches
 */
export type LogSource =
  | { readonly kind: "engine"; readonly hostPort: number }
  | { readonly kind: "cluster"; readonly namespace: string; readonly selector: string };
