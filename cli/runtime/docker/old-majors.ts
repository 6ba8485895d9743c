import { physicalName } from "../../../components/model/identity.ts";
import { POSTGRES_MAJORS } from "../../../components/model/postgres-version.ts";
import { confirmStack } from "../../kit/ask.ts";
import { BESIDE, majorsInState, wantedMajor } from "../../engine/postgres-major.ts";
import type { State } from "../../engine/state.ts";
import { CliError, EXIT } from "../../kit/exit.ts";
import { note } from "../../kit/output.ts";
import type { Project } from "../../kit/project.ts";
import { dockerClient } from "./client.ts";

/** Volumes of PostgreSQL majors that an upgrade left behind, which the operator no longer needs. */
export interface OldMajors {
  /** What the engine must let go of first. */
  readonly urns: readonly string[];
  /** Deletes the volumes, once the engine let go of them. */
  remove(): Promise<void>;
}

/**
 * Asks for the stack's name, because the way back goes with these volumes.
 * @throws CliError where the server does not run the newer major yet, or the settings still keep the old one
 */
export async function oldMajors(
  { stack, settings }: Project,
  state: State,
  confirm: string | undefined,
): Promise<OldMajors> {
  const { volumes, beside, inUse } = majorsInState(state);
  const wanted = wantedMajor(settings);
  const kept = settings.postgres.upgradeFrom;
  if (settings.platform !== "docker" || wanted === undefined || inUse !== wanted || kept !== undefined)
    throw new CliError(
      {
        got: `--remove-old: got a stack ${kept === undefined ? `whose server is not upgraded to PostgreSQL ${wanted ?? "of its own"}` : `with apprun:postgres.upgradeFrom ${kept}, which keeps the old volume`}`,
        allowed: "a Docker stack that runs the new version, without postgres.upgradeFrom",
        fix: `nothing was changed; ${kept === undefined ? "leave it out" : "remove apprun:postgres.upgradeFrom"}`,
      },
      EXIT.usage,
    );
  const older = POSTGRES_MAJORS.filter((major) => Number(major) < Number(wanted));
  await confirmStack(
    "--remove-old",
    stack,
    `This deletes the data volumes of PostgreSQL older than ${wanted} of stack ${stack}.`,
    confirm,
  );
  return {
    urns: older.flatMap((major) => [volumes.get(major) ?? [], beside.get(major) ?? []].flat().map(({ urn }) => urn)),
    async remove() {
      const docker = dockerClient(settings.docker);
      const { Volumes } = await docker.listVolumes();
      const names = older
        .flatMap((major) => ["", ...BESIDE].map((suffix) => `postgres-${major}${suffix}`))
        .map((volume) => physicalName(settings.identity, volume))
        .filter((name) => Volumes.some(({ Name }) => Name === name));
      for (const name of names) await docker.getVolume(name).remove();
      note(names.length === 0 ? "there was no volume of an older PostgreSQL" : `removed ${names.join(", ")}`);
    },
  };
}
