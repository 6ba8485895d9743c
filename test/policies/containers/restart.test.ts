import { restartPolicy } from "../../../policies/containers/restart.ts";
import { container, deployment, describePolicy, job } from "../describe-policy.ts";

const END = "; allowed: unless-stopped or always for a service, no for a job; set restart";

describePolicy(restartPolicy, {
  passes: { "a service": container(), always: container({ restart: "always" }), "a job": job(), "a pod": deployment() },
  fails: {
    "a service that stays away": [
      container({ restart: undefined }),
      `container "app": got restart "no" for a service${END}`,
    ],
    "a service that gives up": [
      container({ restart: "on-failure" }),
      `container "app": got restart "on-failure" for a service${END}`,
    ],
    "a job that runs for ever": [job({ restart: "always" }), `container "job": got restart "always" for a job${END}`],
  },
});
