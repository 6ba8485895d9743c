import type Docker from "dockerode";
import { BACKUP_SCRIPTS } from "../../components/services/backup-files.js";
import type { RestoreHost } from "../backup/host.js";
import { exec } from "./exec.js";

/** What the backup container was given as files. */
const FILES = [BACKUP_SCRIPTS, "/etc/backup", "/run/secrets"];

type Hardening = Required<Pick<Docker.HostConfig, "Memory" | "MemorySwap" | "NanoCpus">> & {
  readonly CapAdd: string[];
  readonly CapDrop: string[];
  readonly SecurityOpt: string[];
};

/** Longer than any restore, so that a container whose command line died does not stay for ever. */
const LIFETIME = "1d";

/**
 * A container like the schedule's, but that it may write to the volumes and has
 * the administrator's password. It lives for one restore; its labels are the
 * schedule's, so that the next `up` removes it where the command line died.
 */
export async function openRestoreContainer(docker: Docker, schedule: string, name: string, administratorPassword: string): Promise<RestoreHost> {
  const like = await docker.getContainer(schedule).inspect();
  await docker
    .getContainer(name)
    .remove({ force: true })
    .catch(() => undefined);
  const [first = "", ...others] = Object.keys(like.NetworkSettings.Networks);
  // The client's types leave some of these open.
  const { CapAdd, CapDrop, SecurityOpt, Memory, MemorySwap, NanoCpus } = like.HostConfig as Hardening;
  const container = await docker.createContainer({
    name,
    Image: like.Image,
    Entrypoint: ["timeout", LIFETIME, "tail", "-f", "/dev/null"],
    Env: like.Config.Env,
    User: like.Config.User,
    Labels: like.Config.Labels,
    HostConfig: {
      CapAdd,
      CapDrop,
      SecurityOpt,
      Memory,
      MemorySwap,
      NanoCpus,
      NetworkMode: first,
      Init: true,
      Mounts: like.Mounts.filter((mount) => mount.Type === "volume").map(({ Name = "", Destination }) => ({
        Type: "volume",
        Source: Name,
        Target: Destination,
        ReadOnly: Destination.startsWith("/opt/"),
      })),
    },
  });
  for (const network of others) await docker.getNetwork(network).connect({ Container: container.id });
  await container.start();
  for (const path of FILES) {
    const archive = await docker.getContainer(schedule).getArchive({ path });
    await container.putArchive(archive, { path: path.slice(0, path.lastIndexOf("/")) || "/" });
  }
  await exec(docker, name, ["sh", "-c", "umask 077 && cat >/run/secrets/admin-password"], { input: administratorPassword });
  return {
    step: (step, args = []) => exec(docker, name, ["bash", `${BACKUP_SCRIPTS}/restore.sh`, step, ...args]),
    close: () => container.remove({ force: true }),
  };
}
