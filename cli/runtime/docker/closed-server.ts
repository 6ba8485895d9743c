import { PassThrough } from "node:stream";
import { physicalName } from "../../../components/model/identity.ts";
import { postgres } from "../../../components/services/postgres/index.ts";
import { CLOSED_SQL } from "../../../components/services/postgres/upgrade.ts";
import type { Project } from "../../kit/project.ts";
import { socketQuery } from "../psql.ts";
import { dockerClient } from "./client.ts";
import { exec } from "./exec.ts";

/**
 * Whether an upgrade that was interrupted has closed the server of the old
 * major already. It took a backup before that, and nobody but a superuser could write since.
 */
export async function isClosedForUpgrade({ settings }: Pick<Project, "settings">): Promise<boolean> {
  const server = physicalName(settings.identity, postgres.name);
  const answer = await exec(dockerClient(settings.docker), server, socketQuery("postgres", CLOSED_SQL), {
    progress: new PassThrough().resume(),
  }).catch(() => "");
  return answer.trim() === "t";
}
