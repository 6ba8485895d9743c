import { grafanaAnonymous } from "../../../policies/secrets/grafana-anonymous.ts";
import { container, describePolicy } from "../describe-policy.ts";

describePolicy(grafanaAnonymous, {
  passes: {
    "access for nobody": container({ envs: ["GF_AUTH_ANONYMOUS_ENABLED=false", "GF_USERS_X=true"] }, "grafana"),
    "another service": container({ envs: ["GF_AUTH_ANONYMOUS_ENABLED=true"] }),
  },
  fails: {
    "access for everybody": [
      container({ envs: ["GF_AUTH_ANONYMOUS_ENABLED=True"] }, "grafana"),
      'container "grafana": got anonymous access; allowed: GF_AUTH_ANONYMOUS_ENABLED=false; turn it off',
    ],
  },
});
