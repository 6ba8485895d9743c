import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import type Docker from "dockerode";
import { listensText } from "../../../components/model/firewall.ts";
import type { StackIdentity } from "../../../components/model/identity.ts";
import { planOf } from "../../kit/plan.ts";
import type { Project } from "../../kit/project.ts";
import { engineInfo, isHere, type EngineInfo, type EngineVersion } from "./machine.ts";
import { stackFilter } from "./observe.ts";
import { portsInUse } from "./ports-in-use.ts";

/** Space of a file system. */
export interface Disk {
  readonly directory: string;
  /** MiB. */
  readonly free: number;
  /** Part of the whole that is free, from 0 to 1. */
  readonly freePart: number;
}

/** What a host has to give. */
export interface HostFacts {
  readonly engine: EngineVersion;
  /** Whether the engine runs as another user than root. */
  readonly rootless: boolean;
  /** Whether it is Docker Desktop's, in a virtual machine: every connection comes from that machine's own address. */
  readonly desktop: boolean;
  readonly cpus: number;
  /** MiB. */
  readonly memory: number;
  /** Where the engine keeps volumes. `@default -` this machine cannot see it */
  readonly disk?: Disk;
  /** Whether its kernel has IPv6. `@default -` this machine cannot see it */
  readonly ipv6?: boolean;
  /** Addresses, of those asked for, that another program listens on. */
  readonly portsInUse: readonly string[];
  /** What could not be looked at, and why. */
  readonly unknown: readonly string[];
}

/** A kernel without IPv6 has no such file, nor has one in which it is switched off at its start. */
const IPV6_ADDRESSES = "/proc/net/if_inet6";

const MEBIBYTE = 1024 * 1024;

/** Asks the engine and, where the containers run on this machine, the machine. */
export async function hostFacts(
  docker: Docker,
  { settings, stack, recording }: Project,
  engine: EngineVersion,
): Promise<HostFacts> {
  const info = await engineInfo(docker);
  const rootless = info.SecurityOptions?.some((option) => option.includes("name=rootless")) === true;
  const desktop = info.OperatingSystem === "Docker Desktop";
  const facts = { engine, rootless, desktop, cpus: info.NCPU, memory: Math.floor(info.MemTotal / MEBIBYTE) };
  if (!isHere(info, settings.docker))
    return {
      ...facts,
      portsInUse: [],
      unknown: [`free disk and ports, because the containers run on another machine (${info.Name})`],
    };
  const own = await ownAddresses(docker, settings.identity);
  const listens = planOf({ settings, stack, recording }).published.map((published) => published.listens);
  const disk = await diskOf(info);
  return {
    ...facts,
    ...(disk !== undefined && { disk }),
    ...(process.platform === "linux" && { ipv6: existsSync(IPV6_ADDRESSES) }),
    portsInUse: await portsInUse(listens.filter((address) => !own.has(address))),
    unknown: disk === undefined ? [`free disk, because ${info.DockerRootDir} cannot be seen from here`] : [],
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

/** Nothing where the directory is not this user's to see, or in a root of its own. */
async function diskOf({ DockerRootDir: directory }: Pick<EngineInfo, "DockerRootDir">): Promise<Disk | undefined> {
  try {
    const { bavail, blocks, bsize } = await statfs(directory);
    return { directory, free: Math.floor((bavail * bsize) / MEBIBYTE), freePart: bavail / blocks };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "EACCES") return undefined;
    throw error;
  }
}
