import type Docker from "dockerode";
import { BACKUP_SCRIPTS } from "../../../components/services/backup/files.ts";
import { anotherRestore, ownRestore, type RestoreHost, type RestoreHostOptions } from "../host.ts";
import { maskEnvironment, maskSecrets } from "../mask.ts";
import { partsEnvironment } from "../parts.ts";
import { pathOf, requireWhole, withProgress } from "../sent-file.ts";
import type { BackupSource } from "../source.ts";
import { CliError } from "../../kit/exit.ts";
import { exec } from "../../runtime/docker/exec.ts";
import { limitsOf, volumeMount, WAIT } from "./waiting-container.ts";

/** What the backup container was given as files. */
const FILES = [BACKUP_SCRIPTS, "/etc/backup", "/run/secrets"];

/** Takes a file from standard input and prints its checksum. */
const RECEIVE = 'umask 077 && cat >"$0" && sha256sum <"$0" | cut -d" " -f1';

/** Where the repository of another stack is seen. */
const SOURCE_PATH = "/backup-from";

/** The schedule's environment, except for whose sets are read and where they are. */
export function environmentFrom(
  environment: readonly string[],
  { stack }: Pick<BackupSource, "stack">,
): readonly string[] {
  const own = environment.find((entry) => entry.startsWith("BACKUP_STACK="))?.slice("BACKUP_STACK=".length) ?? "";
  return [
    ...environment.map((entry) =>
      entry.startsWith("BACKUP_REMOTE=") && entry.endsWith(`/${own}`)
        ? `${entry.slice(0, -own.length)}${stack}`
        : entry,
    ),
    `BACKUP_FROM=${stack}`,
    `BACKUP_LOCAL=${SOURCE_PATH}/repository`,
  ];
}

/** An environment with these variables, whatever it had under their names. */
function withVariables(environment: readonly string[], values: Readonly<Record<string, string>>): string[] {
  const kept = environment.filter((entry) => !(entry.slice(0, entry.indexOf("=")) in values));
  return [...kept, ...Object.entries(values).map(([name, value]) => `${name}=${value}`)];
}

async function makeRoom(docker: Docker, name: string, takeOver: boolean): Promise<void> {
  const container = docker.getContainer(name);
  const running = await container.inspect().then(
    ({ State }) => State.Running,
    () => undefined,
  );
  if (running === true && !takeOver) throw new CliError(anotherRestore(`container ${name}`));
  if (running !== undefined) await container.remove({ force: true });
}

function isVolume(docker: Docker, name: string): Promise<boolean> {
  return docker
    .getVolume(name)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}

/**
 * A container like the schedule's, except that it may write to the volumes and has
 * the administrator's password. It lives for one restore; its labels are the
 * schedule's, so that the next `up` removes it where the command line died.
 */
export async function openRestoreContainer(
  docker: Docker,
  schedule: string,
  name: string,
  { administratorPassword, source, mask, parts, takeOver = false }: RestoreHostOptions,
): Promise<RestoreHost> {
  const like = await docker.getContainer(schedule).inspect();
  await makeRoom(docker, name, takeOver);
  const [first = "", ...others] = Object.keys(like.NetworkSettings.Networks);
  const container = await docker.createContainer({
    name,
    Image: like.Image,
    Entrypoint: WAIT,
    Env: withVariables(source === undefined ? like.Config.Env : environmentFrom(like.Config.Env, source), {
      ...ownRestore(),
      ...(parts && partsEnvironment(parts)),
      ...(mask && maskEnvironment(mask)),
    }),
    User: like.Config.User,
    Labels: like.Config.Labels,
    HostConfig: {
      ...limitsOf(like),
      NetworkMode: first,
      Init: true,
      Mounts: [
        ...like.Mounts.filter((mount) => mount.Type === "volume").map(({ Name = "", Destination }) =>
          volumeMount(Name, Destination, Destination.startsWith("/opt/")),
        ),
        // Docker would make a volume that is not there.
        ...(source !== undefined && (await isVolume(docker, source.volume))
          ? [volumeMount(source.volume, SOURCE_PATH, true)]
          : []),
      ],
    },
  });
  try {
    await prepare();
  } catch (error) {
    // Nothing was changed yet, and a container that stays would pass for a restore that runs.
    await container.remove({ force: true }).catch(() => undefined);
    throw error;
  }
  return {
    sets: (repository) => exec(docker, name, ["bash", `${BACKUP_SCRIPTS}/sets.sh`, repository]),
    step: (step, args = []) => exec(docker, name, ["bash", `${BACKUP_SCRIPTS}/restore.sh`, step, ...args]),
    send: async (file) => {
      const command = ["sh", "-c", RECEIVE, pathOf(file)];
      requireWhole(file, await exec(docker, name, command, { input: withProgress(file) }));
    },
    close: () => container.remove({ force: true }),
  };

  async function prepare(): Promise<void> {
    for (const network of others) await docker.getNetwork(network).connect({ Container: container.id });
    await container.start();
    for (const path of FILES) {
      const archive = await docker.getContainer(schedule).getArchive({ path });
      await container.putArchive(archive, { path: path.slice(0, path.lastIndexOf("/")) || "/" });
    }
    const secrets = {
      "admin-password": administratorPassword,
      ...(source && { "backup-password": source.password }),
      ...(mask && maskSecrets(mask)),
    };
    for (const [file, content] of Object.entries(secrets))
      await exec(docker, name, ["sh", "-c", 'umask 077 && cat >"/run/secrets/$0"', file], { input: content });
  }
}
