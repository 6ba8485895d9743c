import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { statfs } from "node:fs/promises";
import type Docker from "dockerode";
import { hostAddressOf, listensText, type HostAddress } from "../../../components/model/firewall.ts";
import type { StackIdentity } from "../../../components/model/identity.ts";
import { stackFilter } from "./observe.ts";

/** What a host has to give. */
export interface HostFacts {
  readonly apiVersion: string;
  readonly cpus: number;
  /** MiB. */
  readonly memory: number;
  /** MiB free where the engine keeps volumes. @default - the engine is on another machine */
  readonly freeDisk?: number;
  /** Addresses, of those asked for, that another program listens on. */
  readonly portsInUse: readonly string[];
}

const MEBIBYTE = 1024 * 1024;

/** Asks the engine and, where it is on this machine, the machine. */
export async function hostFacts(
  docker: Docker,
  identity: StackIdentity,
  apiVersion: string,
  local: boolean,
  listens: readonly string[],
): Promise<HostFacts> {
  const info = (await docker.info()) as { NCPU: number; MemTotal: number; DockerRootDir: string };
  const own = await ownAddresses(docker, identity);
  const foreign = listens.filter((address) => !own.has(address));
  return {
    apiVersion,
    cpus: info.NCPU,
    memory: Math.floor(info.MemTotal / MEBIBYTE),
    ...(local && { freeDisk: await freeDisk(info.DockerRootDir) }),
    portsInUse: local ? await inUse(foreign) : [],
  };
}

/** Addresses that containers of this stack hold already. */
export async function ownAddresses(docker: Docker, identity: StackIdentity): Promise<ReadonlySet<string>> {
  const containers = await docker.listContainers({ filters: stackFilter(identity) });
  return new Set(
    containers.flatMap(({ Ports }) =>
      Ports.filter(isPublished).map(({ IP, PublicPort, Type }) =>
        listensText({ ip: IP, port: PublicPort, transport: Type === "udp" ? "udp" : "tcp" }),
      ),
    ),
  );
}

/** The engine leaves the host's port out where there is none, which its client's types do not say. */
function isPublished({ PublicPort }: { PublicPort?: number }): boolean {
  return PublicPort !== undefined;
}

async function freeDisk(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return Math.floor((bavail * bsize) / MEBIBYTE);
}

async function inUse(addresses: readonly string[]): Promise<readonly string[]> {
  const taken = await Promise.all(addresses.map((address) => isTaken(hostAddressOf(address))));
  return addresses.filter((_, index) => taken[index]);
}

/** Tries to listen: the only answer that counts every way in which a port can be taken. */
function isTaken({ ip, port, transport }: HostAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const taken = () => {
      resolve(true);
    };
    const free = () => {
      resolve(false);
    };
    if (transport === "udp") {
      const socket = createSocket("udp4").once("error", taken);
      socket.bind({ address: ip, port, exclusive: true }, () => socket.close(free));
      return;
    }
    const server = createServer().once("error", taken);
    server.listen({ host: ip, port, exclusive: true }, () => server.close(free));
  });
}
