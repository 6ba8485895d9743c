import { noNewPrivileges } from "../../../policies/containers/no-new-privileges.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END =
  "got neither; allowed: no-new-privileges:true on Docker, allowPrivilegeEscalation: false on Kubernetes; set it";

describePolicy(noNewPrivileges, {
  passes: {
    "each of Docker's forms": [
      container({ securityOpts: ["no-new-privileges"] }),
      container({ securityOpts: ["seccomp=x", "no-new-privileges=true"] }),
      container(),
    ],
    "a pod": deployment(),
  },
  fails: {
    "a container without": [container({ securityOpts: [] }), `container "app": ${END}`],
    "a container that says no": [container({ securityOpts: ["no-new-privileges:false"] }), `container "app": ${END}`],
    "an option of another name": [container({ securityOpts: ["x-no-new-privileges"] }), `container "app": ${END}`],
    "a pod that says nothing": [
      deployment({ security: { allowPrivilegeEscalation: undefined } }),
      `Deployment "app", container "main": ${END}`,
    ],
  },
});
