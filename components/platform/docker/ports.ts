import type { types } from "@pulumi/docker";
import type { HostAddress } from "../../model/firewall.ts";
import { transportOf, type Port } from "../../model/ports.ts";
import type { AnyWorkloadSpec } from "../../model/workload.ts";

const ADDRESS = {
  ipv4: { public: "0.0.0.0", loopback: "127.0.0.1" },
  ipv6: { public: "::", loopback: "::1" },
} as const;

/** Where the host listens for a port: nowhere, in IPv4, or in both families. */
export function hostAddresses({
  port,
  exposure,
  hostPort = port,
  protocol,
  ipv6 = false,
}: Port): readonly HostAddress[] {
  if (exposure !== "public" && exposure !== "loopback") return [];
  return (ipv6 ? (["ipv4", "ipv6"] as const) : (["ipv4"] as const)).map((family) => ({
    ip: ADDRESS[family][exposure],
    port: hostPort,
    transport: transportOf(protocol),
  }));
}

/** Whether clients reach a workload in IPv6: the engine keeps their addresses only where the container has one itself. */
export function listensOnIpv6({ ports }: Pick<AnyWorkloadSpec, "ports">): boolean {
  return Object.values(ports).some((port) => port.ipv6 === true && hostAddresses(port).length > 0);
}

/**
 * The ports that the host publishes. Only `public` binds every address: a
 * published port bypasses the host's firewall, so the bind address is the gate.
 */
export function publishedPorts({ ports }: AnyWorkloadSpec): types.input.ContainerPort[] {
  return Object.values(ports)
    .flatMap((port) =>
      hostAddresses(port).map(({ ip, port: external, transport }) => ({
        internal: port.port,
        external,
        ip,
        protocol: transport,
      })),
    )
    .sort((a, b) => a.internal - b.internal);
}
