import { stackLabel } from "../../../policies/stack/label.ts";
import { container, deployment, describePolicy, remoteImage, resource } from "../describe-policy.ts";

const END =
  "; allowed: label io.apprun.stack on Docker, app.kubernetes.io/instance on Kubernetes; register it through the platform";

describePolicy(stackLabel, {
  passes: {
    "a container": container(),
    "an image, which belongs to the host": remoteImage("postgres:17"),
    "a Deployment": deployment(),
  },
  fails: {
    "a container": [container({ labels: [] }), `"app": got no label instead of "apprun/prod"${END}`],
    "a network": [
      resource("docker:index/network:Network", "edge"),
      `"edge": got no label instead of "apprun/prod"${END}`,
    ],
    "a volume of another stack": [
      resource("docker:index/volume:Volume", "data", { labels: [{ label: "io.apprun.stack", value: "apprun/dev" }] }),
      `"data": got "apprun/dev" instead of "apprun/prod"${END}`,
    ],
    "an object of Kubernetes": [
      resource("kubernetes:core/v1:Service", "app", { metadata: {} }),
      `"app": got no label instead of "apprun-prod"${END}`,
    ],
  },
});
