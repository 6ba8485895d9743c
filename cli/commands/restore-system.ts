import type { BackupHost } from "../backup/host.ts";
import { openOwnBackupHost } from "../backup/open.ts";
import { openSource, type BackupSource } from "../backup/source.ts";
import { credentialsOf, type Login } from "../engine/credentials.ts";
import { readStack } from "../engine/read-stack.ts";
import { loadProject, type CommonOptions, type Project } from "../kit/project.ts";
import { createRuntime } from "../runtime/create.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { requireGood, verify, type Observer } from "../runtime/verify.ts";

/** Time in which everything must be healthy after a restore. */
const VERIFY_TIMEOUT = 120_000;

/** What a restore works with; a test gives others. */
export interface RestoreSystem {
  loadProject(options: CommonOptions): Promise<Project>;
  openBackupHost(project: Project): Promise<BackupHost>;
  openSource(project: Project, from: string): Promise<BackupSource>;
  credentials(project: Project, service: string): Promise<Login>;
  createRuntime(project: Project): Promise<Observer & Pick<Runtime, "lock">>;
}

export const SYSTEM: RestoreSystem = {
  loadProject,
  openBackupHost: openOwnBackupHost,
  openSource,
  credentials: async (project, service) => credentialsOf(await readStack(project), service),
  createRuntime,
};

/** @throws CliError with this remedy, unless every service is healthy */
export async function requireHealth(system: RestoreSystem, project: Project, fix?: string): Promise<void> {
  const runtime = await system.createRuntime(project);
  await requireGood(runtime, await verify(runtime, project.recording.result.inventory, VERIFY_TIMEOUT), fix);
}

export async function administratorPassword({
  project,
  system,
}: {
  readonly project: Project;
  readonly system: RestoreSystem;
}): Promise<string> {
  return (await system.credentials(project, "postgres")).password;
}
