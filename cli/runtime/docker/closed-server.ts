import { CLOSED_SQL } from "../../../components/services/postgres/upgrade.ts";
import type { Project } from "../../kit/project.ts";
import { askPostgres } from "./ask-postgres.ts";
import { dockerClient } from "./client.ts";

/**
 * Whether an upgrade that was interrupted has closed the server of the old
 * major already. It took a backup before that, and nobody but a superuser could write since.
 */
export async function isClosedForUpgrade({ settings }: Pick<Project, "settings">): Promise<boolean> {
  const { docker, identity } = settings;
  const answer = await askPostgres(dockerClient(docker), identity, "postgres", CLOSED_SQL).catch(() => "");
  return answer.trim() === "t";
}
