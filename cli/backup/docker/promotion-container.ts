import type Docker from "dockerode";
import { EXCHANGES } from "../../runtime/docker/restart.ts";
import { limitsOf, volumeMount, WAIT } from "./waiting-container.ts";

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
  const container = await docker.createContainer({
    name,
    Image: like.Image,
    Entrypoint: WAIT,
    Labels: { ...like.Config.Labels, [EXCHANGES]: "" },
    HostConfig: {
      ...limitsOf(like),
      NetworkMode: "none",
      Init: true,
      Mounts: [volumeMount(primaryVolume, path, false), volumeMount(replicaVolume, replicaPath, true)],
    },
  });
  await container.start();
  return container;
}
