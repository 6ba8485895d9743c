/**
 * Who may reach a port.
 *
 * - `public`: anyone, on every address of the host
 * - `loopback`: processes on the host itself
 * - `proxied`: clients of the proxy, by host name
 * - `internal`: workloads that declare the connection
 */
export type Exposure = "public" | "loopback" | "proxied" | "internal";

/** A port that a workload listens on. */
export interface Port<E extends Exposure = Exposure> {
  /** The port inside the container, above 1023 so that no capability is needed. */
  readonly port: number;
  readonly exposure: E;
  /**
   * The port on the host, for `public` and `loopback`.
   * @default - the port inside the container
   */
  readonly hostPort?: number | undefined;
  /** Whether the host listens on the same place of IPv6 too, for `public` and `loopback`. @default false */
  readonly ipv6?: boolean | undefined;
  /** What speaks on it; only `http` is routed by host name, and `udp` is the only one that is not over TCP. @default "http" */
  readonly protocol?: "http" | "grpc" | "tcp" | "udp";
}

/** What carries a port's protocol. */
export type Transport = "tcp" | "udp";

export function transportOf(protocol: Port["protocol"]): Transport {
  return protocol === "udp" ? "udp" : "tcp";
}

/**
 * What a tier may do with its ports. Data is reached from inside or from the
 * host's loopback; only the edge listens for the public.
 */
export interface TierExposure {
  readonly edge: Exposure;
  readonly app: "loopback" | "proxied" | "internal";
  readonly data: "loopback" | "internal";
}
export type Tier = keyof TierExposure;
