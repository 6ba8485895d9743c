import { physicalName } from "../../components/model/identity.ts";
import { backup } from "../../components/services/backup/index.ts";
import { credentialsOf } from "../engine/credentials.ts";
import { openKnownStack } from "../engine/open.ts";
import type { Project } from "../kit/project.ts";

/** Another stack whose sets are read. */
export interface BackupSource {
  /** The name under which its sets are found. */
  readonly stack: string;
  /** What the runtime calls the volume of its local repository. */
  readonly volume: string;
  /** What its repositories are encrypted with. */
  readonly password: string;
}

/** @throws CliError when the state does not know the stack, or knows no backups of it */
export async function openSource(
  { directory, settings }: Pick<Project, "directory" | "settings">,
  from: string,
): Promise<BackupSource> {
  const { username, password } = await credentialsOf(await openKnownStack(directory, from), backup.name);
  return {
    stack: username,
    volume: physicalName({ project: settings.identity.project, stack: from }, "backups"),
    password,
  };
}
