import { noHostNamespaces } from "../../../policies/containers/host-namespaces.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END = "namespace; allowed: namespaces of its own; remove the host mode and declare what it connects to";

describePolicy(noHostNamespaces, {
  passes: { "a container": container({ networkMode: "bridge" }), "a pod": deployment({ pod: { hostNetwork: false } }) },
  fails: {
    "each of a container": [
      container({ networkMode: "host", pidMode: "host", ipcMode: "host" }),
      `container "app": got the host's network ${END}`,
      `container "app": got the host's pid ${END}`,
      `container "app": got the host's ipc ${END}`,
    ],
    "each of a pod": [
      deployment({ pod: { hostNetwork: true, hostPID: true, hostIPC: true } }),
      `Deployment "app", container "main": got the host's network ${END}`,
      `Deployment "app", container "main": got the host's pid ${END}`,
      `Deployment "app", container "main": got the host's ipc ${END}`,
    ],
  },
});
