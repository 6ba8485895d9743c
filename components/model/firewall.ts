import type { Inventory, InventoryPort } from "./inventory.js";

/** Who may open a connection to a port: other machines, the host itself, or workloads of the stack alone. */
export type Reach = "everyone" | "this host" | "the proxy" | "inside";

/** One port of the stack as a firewall must see it. */
export interface FirewallRow {
  readonly service: string;
  readonly port: number;
  readonly name: string;
  readonly reach: Reach;
  /** Where the host listens. @default - nowhere */
  readonly listens?: string;
}

const REACH: Record<InventoryPort["exposure"], Reach> = { public: "everyone", loopback: "this host", proxied: "the proxy", internal: "inside" };

/** Every port of every workload, what reaches furthest first. */
export function firewallRows({ workloads }: Inventory): readonly FirewallRow[] {
  const order = Object.values(REACH);
  return workloads
    .flatMap(({ name: service, ports }) =>
      ports.map(({ name, port, exposure, listens }) => ({ service, port, name, reach: REACH[exposure], ...(listens !== undefined && { listens }) })),
    )
    .sort((a, b) => order.indexOf(a.reach) - order.indexOf(b.reach) || (a.service < b.service ? -1 : a.service > b.service ? 1 : a.port - b.port));
}

/** The host's port of an address such as `0.0.0.0:443`. */
export function hostPort(listens: string): number {
  return Number(listens.slice(listens.lastIndexOf(":") + 1));
}

/** Ports of workloads that hold data: nothing may offer them to other machines. */
export function dataPorts({ workloads }: Inventory): readonly number[] {
  return [...new Set(workloads.filter(({ tier }) => tier === "data").flatMap(({ ports }) => ports.map(({ port }) => port)))].sort((a, b) => a - b);
}
