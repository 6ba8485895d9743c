import { limitsSet } from "../../../policies/containers/limits.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END = "; allowed: limits of memory and CPU; set resources.limits of the service";

describePolicy(limitsSet, {
  passes: {
    "a container": container(),
    "a pod": deployment(),
    "limits that are not known yet": container({ memory: "[unknown until the update]" }),
  },
  fails: {
    "a container without memory": [container({ memory: undefined }), `container "app": got no limit of memory${END}`],
    "a container with Docker's word for none": [
      container({ memory: 0 }),
      `container "app": got no limit of memory${END}`,
    ],
    "a container without CPU": [container({ cpus: "" }), `container "app": got no limit of CPU${END}`],
    "a pod without both": [
      deployment({ container: { resources: { requests: { cpu: "1", memory: "1Gi" } } } }),
      `Deployment "app", container "main": got no limit of memory${END}`,
      `Deployment "app", container "main": got no limit of CPU${END}`,
    ],
  },
});
