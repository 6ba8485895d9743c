import type { Endpoint } from "./workload.js";

/**
 * Who a route is for.
 *
 * - `public`: anyone who reaches the proxy
 * - `team`: operators; served on the host's loopback only
 */
export type Audience = "public" | "team";

/** How the proxy chooses among replicas. */
export type Balancing = "round-robin" | "least-loaded";

/** A host name that the proxy sends to a workload. */
export interface Route {
  readonly name: string;
  readonly host: string;
  /** @default "/" */
  readonly path?: string;
  readonly to: Endpoint;
  readonly audience: Audience;
  /** Path that tells the proxy which replicas are healthy. @default - every replica gets requests */
  readonly healthPath?: string;
  /** @default "round-robin" */
  readonly balancing?: Balancing;
}
