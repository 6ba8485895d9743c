import Docker from "dockerode";
import { CliError, EXIT, reasonOf } from "../../kit/exit.ts";

/** A client of the stack's Docker Engine. */
export function dockerClient(host: string): Docker {
  const url = new URL(host);
  switch (url.protocol) {
    case "unix:":
      return new Docker({ socketPath: url.pathname });
    case "ssh:":
      return new Docker({
        protocol: "ssh",
        host: url.hostname,
        port: Number(url.port || "22"),
        username: url.username,
      });
    default:
      return new Docker({ protocol: "http", host: url.hostname, port: Number(url.port || "2375") });
  }
}

/** Whether the engine is on this machine, so that its ports and disk can be looked at. */
export function isLocal(host: string): boolean {
  return host.startsWith("unix://");
}

/** @throws CliError with exit code 3 when nothing answers */
export async function requireDocker(
  docker: Docker,
  host: string,
): Promise<{ readonly apiVersion: string; readonly version: string }> {
  try {
    const { ApiVersion, Version } = await docker.version();
    return { apiVersion: ApiVersion, version: Version };
  } catch (error) {
    throw new CliError(
      {
        happened: `nothing was deployed: missing a Docker Engine at ${host} (${reasonOf(error)})`,
        fix: "start it, or name another with apprun:docker.host",
      },
      EXIT.noEngine,
      { cause: error },
    );
  }
}
