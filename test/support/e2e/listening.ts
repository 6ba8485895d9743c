import type { Inside } from "./inside.ts";

/** The TCP ports of a container: those that other containers reach, and those of its loopback. */
export interface Listening {
  readonly everywhere: readonly number[];
  readonly loopback: readonly number[];
}

/** The state of a socket that waits for connections. */
const LISTEN = "0A";

/** As the kernel writes `127.x.x.x` and `::1`, and the first mapped into IPv6. */
const LOOPBACK = /^([0-9A-F]{6}7F|0{24}01000000|0{16}F{4}0000[0-9A-F]{6}7F)$/;

/** What listens in a container, as its kernel says: also what nobody would think of. */
export async function listeningIn(inside: Inside): Promise<Listening> {
  const sockets = (await inside("cat", "/proc/net/tcp", "/proc/net/tcp6"))
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === LISTEN)
    .map(([, local = ""]) => local.split(":"))
    .map(([address = "", port = ""]) => ({ isOwn: LOOPBACK.test(address), port: Number.parseInt(port, 16) }));
  const ports = (isOwn: boolean) =>
    [...new Set(sockets.filter((socket) => socket.isOwn === isOwn).map(({ port }) => port))].sort((a, b) => a - b);
  return { everywhere: ports(false), loopback: ports(true) };
}
