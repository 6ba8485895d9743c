import { noHostPaths } from "../../../policies/containers/host-paths.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END = "; allowed: named volumes and uploaded files; mount a volume or give the file with `files`";

describePolicy(noHostPaths, {
  passes: {
    "a named volume": container({
      volumes: [{ volumeName: "apprun-prod-data", containerPath: "/data" }],
      mounts: [{ type: "volume", source: "x" }],
    }),
    "a claim": deployment({ pod: { volumes: [{ name: "x", persistentVolumeClaim: {} }] } }),
  },
  fails: {
    "the socket, also for the proxy": [
      container({ volumes: [{ hostPath: "/var/run/docker.sock" }] }, "proxy"),
      `container "proxy": got the Docker socket /var/run/docker.sock${END}`,
    ],
    "a bind mount": [
      container({ mounts: [{ type: "bind", source: "/etc" }] }),
      `container "app": got the host's path /etc${END}`,
    ],
    "a path in a pod": [
      deployment({ pod: { volumes: [{ hostPath: { path: "/srv" } }] } }),
      `Deployment "app", container "main": got the host's path /srv${END}`,
    ],
  },
});
