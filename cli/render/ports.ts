import { dataPorts, firewallRows, hostAddressOf } from "../../components/model/firewall.ts";
import type { Inventory } from "../../components/model/inventory.ts";

/** A stack's ports for people, with what a firewall in front of the host must let through. */
export function portsDocument(inventory: Inventory): string {
  const rows = firewallRows(inventory);
  const open = rows
    .filter(({ reach }) => reach === "everyone")
    .flatMap(({ listens }) => listens.slice(0, 1).map(hostAddressOf))
    .map(({ transport, port }) => `${transport.toUpperCase()} ${port}`);
  const cells = rows.map(({ service, name, port, reach, listens }) => [
    service,
    name,
    String(port),
    listens.join(", ") || "-",
    reach,
  ]);
  return [
    "# Ports of a public Docker host with TLS",
    "",
    "Written by `npm run generate` from the model; a test fails when it is out of date. `npm run status` compares what listens with the model of its stack, and `npm run plan` prints that.",
    "",
    ...markdownTable([["service", "name", "port", "on the host", "reached by"], ...cells]),
    "",
    `A firewall in front of the host lets through ${open.length === 0 ? "nothing" : open.join(" and ")}, besides your own way in for maintenance. One on the host itself, such as ufw, does not see the ports that Docker publishes. There the address on which a port listens decides, and ports of the data tier (${dataPorts(inventory).join(", ")}) listen nowhere.`,
    "",
  ].join("\n");
}

/** Columns as wide as their widest cell, as the formatter writes them. */
function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(line)];
}
