import { nonRoot } from "../../../policies/containers/non-root.ts";
import { container, deployment, describePolicy } from "../../support/record/policies.ts";

const END = "; allowed: a user that is not root; set runAs to the image's user of the catalogue";
const BACKUP = { labels: [{ label: "io.apprun.service", value: "backup" }] };
const adds = ["CAP_SETGID", "CAP_SETUID"];

describePolicy(nonRoot, {
  passes: {
    "a user": container(),
    "a user that begins like root": container({ user: "01:01" }),
    "an entrypoint that steps down": container({ user: undefined, capabilities: { drops: ["ALL"], adds } }),
    "a backup, which owns nobody's files": container({ user: "0:0", ...BACKUP }),
    "a pod": deployment(),
    "a pod that says so": deployment({ security: { runAsUser: undefined }, pod: { securityContext: { runAsNonRoot: true } } }),
    "a container that says so": deployment({ security: { runAsUser: undefined, runAsNonRoot: true } }),
    "a user of the pod": deployment({ security: { runAsUser: undefined }, pod: { securityContext: { runAsUser: 70 } } }),
  },
  fails: {
    "no user": [container({ user: undefined }), `container "app": got no user, which is root in most images${END}`],
    "no user and half of what stepping down needs": [
      container({ user: undefined, capabilities: { drops: ["ALL"], adds: ["CAP_SETUID"] } }),
      `container "app": got no user, which is root in most images${END}`,
    ],
    "no user and the default capabilities": [
      container({ user: undefined, capabilities: { adds } }),
      `container "app": got no user, which is root in most images${END}`,
    ],
    "root by number": [container({ user: "0:0" }), `container "app": got user "0:0"${END}`],
    "a backup with the default capabilities": [container({ user: "0:0", ...BACKUP, capabilities: {} }), `container "app": got user "0:0"${END}`],
    "root by name": [container({ user: "root" }), `container "app": got user "root"${END}`],
    "root in a pod": [deployment({ security: { runAsUser: 0 } }), `Deployment "app", container "main": got user "0"${END}`],
    "no user in a pod, whatever its capabilities": [
      deployment({ security: { runAsUser: undefined, capabilities: { drop: ["ALL"], add: ["SETGID", "SETUID"] } } }),
      `Deployment "app", container "main": got no user, which is root in most images${END}`,
    ],
    "a pod that says the opposite": [
      deployment({ security: { runAsUser: undefined, runAsNonRoot: false } }),
      `Deployment "app", container "main": got no user, which is root in most images${END}`,
    ],
  },
});
