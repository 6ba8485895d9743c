import { listening, type Inventory, type InventoryPort } from "./inventory.ts";
import type { Transport } from "./ports.ts";

/** Where a host listens. */
export interface HostAddress {
  readonly ip: string;
  readonly port: number;
  readonly transport: Transport;
}

/** Who may open a connection to a port: other machines, the host itself, or workloads of the stack alone. */
export type Reach = "everyone" | "this host" | "the proxy" | "inside";

/** One port of the stack as a firewall must see it. */
export interface FirewallRow {
  readonly service: string;
  readonly port: number;
  readonly name: string;
  readonly reach: Reach;
  /** Where the host listens. */
  readonly listens: readonly string[];
}

const REACH: Record<InventoryPort["exposure"], Reach> = {
  public: "everyone",
  loopback: "this host",
  proxied: "the proxy",
  internal: "inside",
};

/** Every port of every workload, what reaches furthest first. */
export function firewallRows({ workloads }: Inventory): readonly FirewallRow[] {
  const order = Object.values(REACH);
  return workloads
    .flatMap(({ name: service, ports }) =>
      ports.map((port) => ({
        service,
        port: port.port,
        name: port.name,
        reach: REACH[port.exposure],
        listens: listening(port),
      })),
    )
    .sort(
      (a, b) =>
        order.indexOf(a.reach) - order.indexOf(b.reach) ||
        (a.service < b.service ? -1 : a.service > b.service ? 1 : a.port - b.port),
    );
}

/** An address on which a host listens, in one text: `0.0.0.0:443`, `[::]:443`, and `127.0.0.1:8000/udp` where it is not over TCP. */
export function listensText({ ip, port, transport }: HostAddress): string {
  return `${ip.includes(":") ? `[${ip}]` : ip}:${port}${transport === "tcp" ? "" : `/${transport}`}`;
}

/** The parts of such a text. */
export function hostAddressOf(listens: string): HostAddress {
  const [address = "", transport] = listens.split("/");
  const colon = address.lastIndexOf(":");
  return {
    ip: address.slice(0, colon).replace(/^\[|\]$/g, ""),
    port: Number(address.slice(colon + 1)),
    transport: transport === "udp" ? "udp" : "tcp",
  };
}

/** Ports of workloads that hold data: nothing may offer them to other machines. */
export function dataPorts({ workloads }: Inventory): readonly number[] {
  return [
    ...new Set(workloads.filter(({ tier }) => tier === "data").flatMap(({ ports }) => ports.map(({ port }) => port))),
  ].sort((a, b) => a - b);
}
