import type Docker from "dockerode";

/** What a promotion copies, and from where to where. */
export interface CopyOf {
  /** The replica's container. */
  readonly like: Docker.ContainerInspectInfo;
  readonly primaryVolume: string;
  readonly replicaVolume: string;
  /** Where the image keeps its data: the primary's volume, whose owner an empty one gets from the image. */
  readonly path: string;
  /** The server's directory there. */
  readonly pgdata: string;
  readonly replicaPath: string;
  readonly replicaPgdata: string;
}

type Limits = Pick<Docker.HostConfig, "Memory" | "NanoCpus"> &
  Readonly<Record<"CapAdd" | "CapDrop" | "SecurityOpt", string[]>>;

/** Longer than any copy, so that a container whose command line died does not stay for ever. */
const LIFETIME = "1d";

/**
 * A container of the server's image with both volumes, the server's rights and no network.
 * One of this name that is there is of a promotion whose command line died, and goes.
 */
export async function copyContainer(docker: Docker, name: string, of: CopyOf): Promise<Docker.Container> {
  const { like, path, primaryVolume, replicaPath, replicaVolume } = of;
  await docker
    .getContainer(name)
    .remove({ force: true })
    .catch(() => undefined);
  // The client leaves the type of these open.
  const { CapAdd, CapDrop, Memory = 0, NanoCpus = 0, SecurityOpt } = like.HostConfig as Limits;
  const mount = (Source: string, Target: string, ReadOnly: boolean) => ({
    Type: "volume" as const,
    Source,
    Target,
    ReadOnly,
  });
  const container = await docker.createContainer({
    name,
    Image: like.Image,
    Entrypoint: ["timeout", LIFETIME, "tail", "-f", "/dev/null"],
    Labels: like.Config.Labels,
    HostConfig: {
      CapAdd,
      CapDrop,
      SecurityOpt,
      Memory,
      MemorySwap: Memory,
      NanoCpus,
      NetworkMode: "none",
      Init: true,
      Mounts: [mount(primaryVolume, path, false), mount(replicaVolume, replicaPath, true)],
    },
  });
  await container.start();
  return container;
}
