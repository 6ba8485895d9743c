import { createServer } from "node:net";
import { statfs } from "node:fs/promises";
import type Docker from "dockerode";
import type { StackIdentity } from "../../components/model/identity.js";
import { stackFilter } from "./observe.js";

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
export async function hostFacts(docker: Docker, identity: StackIdentity, apiVersion: string, local: boolean, listens: readonly string[]): Promise<HostFacts> {
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
async function ownAddresses(docker: Docker, identity: StackIdentity): Promise<ReadonlySet<string>> {
  const containers = await docker.listContainers({ filters: stackFilter(identity) });
  return new Set(containers.flatMap(({ Ports }) => Ports.filter(isPublished).map(({ IP, PublicPort }) => `${IP}:${PublicPort}`)));
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
  const taken = await Promise.all(addresses.map(isTaken));
  return addresses.filter((_, index) => taken[index]);
}

/** Tries to listen: the only answer that counts every way in which a port can be taken. */
function isTaken(address: string): Promise<boolean> {
  const [host = "", port = ""] = address.split(":");
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(true);
    });
    server.listen({ host, port: Number(port), exclusive: true }, () => {
      server.close(() => {
        resolve(false);
      });
    });
  });
}
