import type { Endpoint } from "../../model/workload.ts";

/**
 * A workload's port `http` as those see it that start before it, because it waits for them or scrapes them. The
 * platform gives the same once it is there.
 */
export function earlyEndpoint(
  workload: string,
  port: number,
  given: Partial<Pick<Endpoint, "exposure" | "replicaHosts">> = {},
): Endpoint<"app"> {
  return {
    workload,
    tier: "app",
    portName: "http",
    exposure: "proxied",
    host: workload,
    port,
    address: `${workload}:${port}`,
    zone: "backend",
    memberOf: ["backend"],
    replicaHosts: [],
    ...given,
  };
}
