import { capabilitiesDropped } from "../../../policies/containers/capabilities.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END =
  "; allowed: all dropped; added: none, or of CHOWN, DAC_OVERRIDE, FOWNER, SETGID, SETUID; drop ALL and listen on a port above 1023";

describePolicy(capabilitiesDropped, {
  passes: {
    "all dropped": container(),
    "those to step down": container({
      capabilities: {
        drops: ["ALL"],
        adds: ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SETGID", "CAP_SETUID"],
      },
    }),
    "a pod": deployment(),
  },
  fails: {
    "the defaults": [
      container({ capabilities: undefined }),
      `container "app": got the engine's default capabilities${END}`,
    ],
    "one that is dropped": [
      container({ capabilities: { drops: ["CAP_NET_RAW"] } }),
      `container "app": got the engine's default capabilities${END}`,
    ],
    "another one": [
      container({ capabilities: { drops: ["ALL"], adds: ["CAP_SYS_ADMIN"] } }),
      `container "app": got capability SYS_ADMIN${END}`,
    ],
    "the defaults and another one in a pod": [
      deployment({ security: { capabilities: { add: ["NET_ADMIN"] } } }),
      `Deployment "app", container "main": got the engine's default capabilities${END}`,
      `Deployment "app", container "main": got capability NET_ADMIN${END}`,
    ],
  },
});
