import Docker from "dockerode";
import type { DockerAddress } from "../../../components/model/docker-address.ts";
import { connectionTo } from "../../../components/platform/docker/connection.ts";
import { SshError } from "../../../components/platform/docker/ssh-command.ts";
import { whichDocker } from "../../../components/platform/docker/which-docker.ts";
import { takeDockerEnvironment } from "../../kit/docker-environment.ts";
import { CliError, EXIT, reasonOf } from "../../kit/exit.ts";
import { chosenContext } from "./chosen-context.ts";
import { engineVersion, type EngineVersion } from "./machine.ts";

/** A client of the stack's Docker Engine. */
export function dockerClient(address: DockerAddress): Docker {
  // The library reads the environment before it looks at what it is given, and stumbles over what is wrong there.
  takeDockerEnvironment();
  return new Docker({ ...connectionTo(address) });
}

/** @throws CliError with exit code 3 when nothing answers */
export async function requireDocker(docker: Docker, address: DockerAddress): Promise<EngineVersion> {
  try {
    return await engineVersion(docker);
  } catch (error) {
    const { where, fix } = unreachable(address, error);
    throw new CliError({ happened: `nothing was deployed: missing a Docker Engine at ${where}`, fix }, EXIT.noEngine, {
      cause: error,
    });
  }
}

/** Where no engine answers and why, and what to do. */
export function unreachable(address: DockerAddress, error: unknown): { readonly where: string; readonly fix: string } {
  const { ignored } = whichDocker(address, takeDockerEnvironment(), chosenContext());
  const hint = ignored.length === 0 ? "" : `; not used, as the settings alone name the engine: ${ignored.join(", ")}`;
  const fix = error instanceof SshError ? error.fix : "start it, or name another with apprun:docker.host";
  return { where: `${address.host} (${reasonOf(error)})`, fix: `${fix}${hint}` };
}
