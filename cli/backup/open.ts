import { CliError, EXIT } from "../kit/exit.ts";
import type { Project } from "../kit/project.ts";
import { readStack } from "../engine/read-stack.ts";
import { stateOf } from "../engine/state.ts";
import { createRuntime, kubeconfigOf } from "../runtime/create.ts";
import type { BackupHost } from "./host.ts";

/**
 * Where a stack's backups run.
 * @throws CliError when it takes none, or when nothing answers
 */
export async function openBackupHost(project: Project): Promise<BackupHost> {
  const { settings, stack } = project;
  if (!settings.backup.enabled)
    throw new CliError(
      {
        got: `stack ${stack}: backups are off`,
        allowed: "a stack with apprun:backup.enabled",
        fix: "set it to true and run: npm run up",
      },
      EXIT.usage,
    );
  switch (settings.platform) {
    case "docker": {
      const { dockerClient, requireDocker } = await import("../runtime/docker/client.ts");
      const { DockerBackupHost } = await import("./docker/backup-host.ts");
      const docker = dockerClient(settings.docker);
      await requireDocker(docker, settings.docker);
      return new DockerBackupHost(docker, project);
    }
    case "kubernetes": {
      const { connect, requireCluster } = await import("../runtime/kubernetes/client.ts");
      const { KubernetesBackupHost } = await import("./kubernetes/backup-host.ts");
      const cluster = connect(await kubeconfigOf(project));
      await requireCluster(cluster);
      return new KubernetesBackupHost(cluster, project);
    }
  }
}

/**
 * The same for a command that begins here: what answers is compared with the state first.
 * @throws CliError also when it is another place than the state's
 */
export async function openOwnBackupHost(project: Project): Promise<BackupHost> {
  const host = await openBackupHost(project);
  const state = stateOf(await (await readStack(project)).exportStack());
  await (await createRuntime(project)).guardPlace(project, state);
  return host;
}

/** The last line of a script's output, which is its result. */
export function resultOf(output: string): unknown {
  return JSON.parse(output.trim().split("\n").at(-1) ?? "");
}
