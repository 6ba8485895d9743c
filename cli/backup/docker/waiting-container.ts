import type Docker from "dockerode";

/** The client's types leave some of these open. */
type Limits = Required<Pick<Docker.HostConfig, "Memory" | "MemorySwap" | "NanoCpus">> &
  Readonly<Record<"CapAdd" | "CapDrop" | "SecurityOpt", string[]>>;

/** What another container may use and do. */
export function limitsOf({ HostConfig }: Docker.ContainerInspectInfo): Limits {
  const { CapAdd, CapDrop, SecurityOpt, Memory, MemorySwap, NanoCpus } = HostConfig as Limits;
  return { CapAdd, CapDrop, SecurityOpt, Memory, MemorySwap, NanoCpus };
}

/** Waits for commands, longer than any of them, so that a container whose command line died does not stay for ever. */
export const WAIT = ["timeout", "1d", "tail", "-f", "/dev/null"];

export function volumeMount(Source: string, Target: string, ReadOnly: boolean): Docker.MountSettings {
  return { Type: "volume", Source, Target, ReadOnly };
}
