import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { addressParts, type DockerAddress } from "../../../components/model/docker-address.ts";

/** What an engine says of itself. */
export interface EngineInfo {
  /** The engine's own identity, which stays with its data directory. */
  readonly ID: string;
  /** The name of the machine that runs the containers. */
  readonly Name: string;
  /** Such as `Docker Desktop`. */
  readonly OperatingSystem?: string;
  readonly DockerRootDir: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly SystemTime: string;
  /** Such as `name=rootless`. */
  readonly SecurityOptions?: readonly string[];
  /** Pairs of what its storage says; one is `driver-type` where containerd keeps the images. */
  readonly DriverStatus?: readonly (readonly [key: string, value: string])[];
  /** Mirrors of Docker Hub that it is set up with. */
  readonly RegistryConfig?: { readonly Mirrors?: readonly string[] | null } | null;
}

/** Which engine answers, in which version. */
export interface EngineVersion {
  readonly apiVersion: string;
  readonly version: string;
  /** Names of the programs that it is made of: Podman answers Docker's API too. */
  readonly components: readonly string[];
}

export async function engineVersion(docker: Docker): Promise<EngineVersion> {
  // The client's types promise components; what stands between it and an engine may leave them out.
  const answer: Pick<Docker.DockerVersion, "ApiVersion" | "Version"> &
    Partial<Pick<Docker.DockerVersion, "Components">> = await docker.version();
  return {
    apiVersion: answer.ApiVersion,
    version: answer.Version,
    components: (answer.Components ?? []).map(({ Name }) => Name),
  };
}

export function engineInfo(docker: Docker): Promise<EngineInfo> {
  return docker.info() as Promise<EngineInfo>;
}

/**
 * Whether the containers run on this machine, so that its ports and disk can be
 * looked at. A socket on this machine does not say so: the engine of Docker
 * Desktop runs in a virtual machine, and a socket may be mounted or forwarded.
 */
export function isHere(
  { ID, Name, DockerRootDir }: EngineInfo,
  { host }: DockerAddress,
  readId: (file: string) => string | undefined = readText,
): boolean {
  const id = readId(join(DockerRootDir, "engine-id"));
  if (id !== undefined) return id.trim() === ID;
  return addressParts(host)?.kind === "unix" && Name === hostname();
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
