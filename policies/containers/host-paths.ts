import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { eachContainer } from "../read/container.ts";

export const noHostPaths: ResourcePolicy = {
  kind: "resource",
  name: "no-host-paths",
  description:
    "No container mounts a path of the host. The Docker socket is root on the host; any other path ties the stack to one machine.",
  enforcement: EVERYWHERE,
  allowed: "named volumes and uploaded files",
  remedy: "mount a volume or give the file with `files`",
  // No service is let off: not even the proxy needs the socket.
  check: eachContainer(({ hostPaths }) =>
    hostPaths.map((path) =>
      path.endsWith("docker.sock") ? `got the Docker socket ${path}` : `got the host's path ${path}`,
    ),
  ),
};
