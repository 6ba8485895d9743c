import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { hostAddressOf, type HostAddress } from "../../../components/model/firewall.ts";
import { listeningSockets, LOOPBACK_IPV6, type Socket } from "./sockets.ts";

/** What trying to listen on an address came to: nothing, or the system's word for why not. */
type Attempt = (address: HostAddress) => Promise<string | undefined>;

/** Addresses, of those asked for, that another program of this machine listens on. */
export async function portsInUse(
  addresses: readonly string[],
  attempt: Attempt = listen,
  sockets: () => readonly Socket[] = listeningSockets,
): Promise<readonly string[]> {
  const taken = await Promise.all(
    addresses.map(async (listens) => {
      const address = hostAddressOf(listens);
      const code = await attempt(address);
      // A user who is not root may not listen below 1024; the engine may. Whether somebody does, the kernel's table says.
      return code === "EACCES" ? sockets().some((socket) => holds(socket, address)) : code === "EADDRINUSE";
    }),
  );
  return addresses.filter((_, index) => taken[index]);
}

/** What the kernel writes for an address of IPv6 that a port may ask for. */
const KERNEL: Readonly<Record<string, string>> = { "::": "0".repeat(32), "::1": LOOPBACK_IPV6 };
const EVERY_ADDRESS = new Set(["0.0.0.0", "0".repeat(32)]);

function holds(socket: Socket, { ip: asked, port, transport }: HostAddress): boolean {
  const ip = KERNEL[asked] ?? asked;
  return (
    socket.port === port &&
    socket.transport === transport &&
    (EVERY_ADDRESS.has(ip) || EVERY_ADDRESS.has(socket.address) || socket.address === ip)
  );
}

/** Tries to listen: the only answer that counts every way in which a port can be taken. */
function listen({ ip, port, transport }: HostAddress): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => {
      resolve(error.code);
    };
    const free = () => {
      resolve(undefined);
    };
    if (transport === "udp") {
      const socket = createSocket("udp4").once("error", failed);
      socket.bind({ address: ip, port, exclusive: true }, () => socket.close(free));
      return;
    }
    const server = createServer().once("error", failed);
    // The engine takes each family by itself.
    server.listen({ host: ip, port, exclusive: true, ipv6Only: ip.includes(":") }, () => server.close(free));
  });
}
