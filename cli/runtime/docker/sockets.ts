import { readFileSync } from "node:fs";
import type { Transport } from "../../../components/model/ports.ts";

/** A socket that takes what others send to this machine. */
export interface Socket {
  readonly transport: Transport;
  /** IPv4 with dots, or IPv6 as the kernel writes it: 32 hexadecimal digits. */
  readonly address: string;
  readonly port: number;
}

/** `::1` as the kernel writes it. */
export const LOOPBACK_IPV6 = "00000000000000000000000001000000";

const TABLES: readonly (readonly [table: string, Transport])[] = [
  ["/proc/net/tcp", "tcp"],
  ["/proc/net/tcp6", "tcp"],
  ["/proc/net/udp", "udp"],
  ["/proc/net/udp6", "udp"],
];

/** The kernel's number of the state in which a socket waits: a UDP socket without a peer counts as closed. */
const LISTENS: Record<Transport, string> = { tcp: "0A", udp: "07" };

/** Sockets that listen on this machine; nothing where the kernel is not Linux. */
export function listeningSockets(): readonly Socket[] {
  return TABLES.flatMap(([table, transport]) => parseSocketTable(readTable(table), transport));
}

/** The listening sockets of a table as the kernel writes it. */
export function parseSocketTable(text: string, transport: Transport): readonly Socket[] {
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTENS[transport])
    .map((fields) => {
      const [hex = "", port = ""] = (fields[1] ?? "").split(":");
      return { transport, address: hex.length === 8 ? dotted(hex) : hex, port: Number.parseInt(port, 16) };
    });
}

/** Whether only the machine itself reaches a socket. */
export function isLoopback({ address }: Pick<Socket, "address">): boolean {
  return (
    address.startsWith("127.") ||
    address === LOOPBACK_IPV6 ||
    (address.startsWith("0000000000000000FFFF0000") && address.endsWith("7F"))
  );
}

/** The kernel writes the bytes of an address from the last to the first. */
function dotted(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return [...bytes]
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join(".");
}

function readTable(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
