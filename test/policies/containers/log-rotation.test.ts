import { logRotation } from "../../../policies/containers/log-rotation.ts";
import { container, deployment, describePolicy } from "../describe-policy.ts";

const END =
  "; allowed: driver json-file with max-size and max-file, or local with max-size and max-file, or gelf with cache-max-size and cache-max-file; set logDriver and logOpts";

describePolicy(logRotation, {
  passes: {
    "json-file": container(),
    local: container({ logDriver: "local" }),
    "lines that are sent on, with a rotated copy": container({
      logDriver: "gelf",
      logOpts: { "cache-max-size": "10m", "cache-max-file": "3" },
    }),
    "a pod, whose log the node rotates": deployment(),
  },
  fails: {
    "no driver": [container({ logDriver: undefined }), `container "app": got log driver none set${END}`],
    "another driver": [container({ logDriver: "syslog" }), `container "app": got log driver syslog${END}`],
    "no options": [
      container({ logOpts: undefined }),
      `container "app": got no max-size${END}`,
      `container "app": got no max-file${END}`,
    ],
    "an unbounded copy": [
      container({ logDriver: "gelf", logOpts: { "max-size": "10m", "cache-max-file": "3" } }),
      `container "app": got no cache-max-size${END}`,
    ],
    "no number of files": [container({ logOpts: { "max-size": "10m" } }), `container "app": got no max-file${END}`],
  },
});
