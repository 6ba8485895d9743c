import type { Endpoint } from "../../model/workload.ts";

/** The name of the app's workload. */
export const APP = "apprun";

/**
 * The app as those see it that start before it, because it waits for them. The
 * platform gives the same once it is there.
 */
export function appEndpoint({ port }: { readonly port: number }): Endpoint<"app"> {
  return {
    workload: APP,
    tier: "app",
    portName: "http",
    exposure: "proxied",
    host: APP,
    port,
    address: `${APP}:${port}`,
    zone: "backend",
    memberOf: ["backend"],
    replicaHosts: [],
  };
}
