import { noPrivileged } from "../../../policies/containers/privileged.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END = "got privileged; allowed: containers without it; remove privileged";

describePolicy(noPrivileged, {
  passes: { "a container": container(), "a pod": deployment(), "an explicit no": container({ privileged: false }) },
  fails: {
    "a container": [container({ privileged: true }), `container "app": ${END}`],
    "a pod": [deployment({ security: { privileged: true } }), `Deployment "app", container "main": ${END}`],
    "what runs before a pod's containers": [
      deployment({ init: { securityContext: { privileged: true } } }),
      `Deployment "app", container "first": ${END}`,
    ],
    "a scheduled job": [
      deployment({ security: { privileged: true } }, "dump", "batch/v1:CronJob"),
      `CronJob "dump", container "main": ${END}`,
    ],
  },
});
