import { EVERYWHERE, type ResourcePolicy } from "../policy.js";
import { eachContainer } from "../read/container.js";

/** Paths that single services may mount, by name of the service. None may have the engine's socket, which is root on the host; not even the proxy needs it. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {};

export const noHostPaths: ResourcePolicy = {
  kind: "resource",
  name: "no-host-paths",
  description: "No container mounts a path of the host. The Docker socket is root on the host; any other path ties the stack to one machine.",
  enforcement: EVERYWHERE,
  allowed: "named volumes and uploaded files",
  remedy: "mount a volume or give the file with `files`",
  check: eachContainer(({ hostPaths, service }) =>
    hostPaths
      .filter((path) => !(ALLOWED[service] ?? []).includes(path))
      .map((path) => (path.endsWith("docker.sock") ? `got the Docker socket ${path}` : `got the host's path ${path}`)),
  ),
};
