import { CliError, EXIT } from "../exit.js";
import type { Project } from "../project.js";
import { kubeconfigOf } from "../runtime/create.js";
import type { BackupHost } from "./host.js";

/**
 * Where a stack's backups run.
 * @throws CliError when it takes none, or when nothing answers
 */
export async function openBackupHost(project: Project): Promise<BackupHost> {
  const { settings, stack } = project;
  if (!settings.backup.enabled)
    throw new CliError(`stack ${stack}: backups are off; allowed: a stack with apprun:backup.enabled; set it to true and run: npm run up`, EXIT.usage);
  switch (settings.platform) {
    case "docker": {
      const { dockerClient, requireDocker } = await import("../docker/client.js");
      const { DockerBackupHost } = await import("../docker/backup-host.js");
      const { host } = settings.docker;
      const docker = dockerClient(host);
      await requireDocker(docker, host);
      return new DockerBackupHost(docker, project);
    }
    case "kubernetes": {
      const { connect, requireCluster } = await import("../kubernetes/client.js");
      const { KubernetesBackupHost } = await import("../kubernetes/backup-host.js");
      const cluster = connect(await kubeconfigOf(project));
      await requireCluster(cluster);
      return new KubernetesBackupHost(cluster, project);
    }
  }
}

/** The last line of a script's output, which is its result. */
export function resultOf(output: string): unknown {
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}
