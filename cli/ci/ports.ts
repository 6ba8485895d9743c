import { listensText } from "../../components/model/firewall.ts";
import type { Change } from "./preview.ts";

interface DockerPort {
  readonly ip?: string;
  readonly external?: number;
  readonly protocol?: string;
}

/** Addresses that a change makes the host listen on and that it did not listen on before. */
export function portsOpened(
  changes: readonly Change[],
): readonly { readonly name: string; readonly address: string }[] {
  const before = new Set(changes.flatMap((change) => addresses(change.before)));
  return changes.flatMap((change) =>
    addresses(change.after)
      .filter((address) => !before.has(address))
      .map((address) => ({ name: change.name, address })),
  );
}

function addresses({ ports }: Readonly<Record<string, unknown>>): readonly string[] {
  if (!Array.isArray(ports)) return [];
  return (ports as readonly DockerPort[]).flatMap(({ ip = "0.0.0.0", external, protocol }) =>
    external === undefined ? [] : [listensText({ ip, port: external, transport: protocol === "udp" ? "udp" : "tcp" })],
  );
}
