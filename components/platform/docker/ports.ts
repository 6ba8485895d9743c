import type { types } from "@pulumi/docker";
import type { HostAddress } from "../../model/firewall.ts";
import { transportOf, type Port } from "../../model/ports.ts";
import type { AnyWorkloadSpec } from "../../model/workload.ts";

const ADDRESS = { public: "0.0.0.0", loopback: "127.0.0.1" } as const;

/** Where the host listens for a port, or nothing. */
export function hostAddress({ port, exposure, hostPort = port, protocol }: Port): HostAddress | undefined {
  if (exposure === "public" || exposure === "loopback")
    return { ip: ADDRESS[exposure], port: hostPort, transport: transportOf(protocol) };
  return undefined;
}

/**
 * The ports that the host publishes. Only `public` binds every IPv4 address: a
 * published port bypasses the host's firewall, so the bind address is the gate.
 */
export function publishedPorts({ ports }: AnyWorkloadSpec): types.input.ContainerPort[] {
  return Object.values(ports)
    .map((port) => ({ port, address: hostAddress(port) }))
    .flatMap(({ port, address }) =>
      address === undefined
        ? []
        : [{ internal: port.port, external: address.port, ip: address.ip, protocol: address.transport }],
    )
    .sort((a, b) => a.internal - b.internal);
}
