import { names } from "../../../policies/stack/names.ts";
import { container, deployment, describePolicy, remoteImage, resource } from "../describe-policy.ts";

const END =
  "; allowed: lower-case letters, digits and hyphens, up to 63; on Docker behind <project>-<stack>-; name it with physicalName";
const service = (name: string) => resource("kubernetes:core/v1:Service", "x", { metadata: { name } });

describePolicy(names, {
  passes: {
    "a container": container(),
    "a container whose name is not known yet": container({ name: "[unknown until the update]" }),
    "something that is on no platform of ours": resource("example:index/thing:Thing", "x", {
      metadata: { name: "Thing!" },
    }),
    "an image, whose name is a reference": remoteImage("Host:5000/x"),
    "an object that the provider names": deployment(),
    "a name with dots": service("a.b-c.d1"),
    "a name of 63": service("a".repeat(63)),
  },
  fails: {
    "a container without the stack": [container({ name: "app" }), `"app": got the name "app"${END}`],
    "a container of another stack": [
      container({ name: "apprun-dev-app" }),
      `"app": got the name "apprun-dev-app"${END}`,
    ],
    "a volume in capitals": [
      resource("docker:index/volume:Volume", "data", { name: "apprun-prod-Data" }),
      `"data": got the name "apprun-prod-Data"${END}`,
    ],
    "a network that ends with a hyphen": [
      resource("docker:index/network:Network", "n", { name: "apprun-prod-" }),
      `"n": got the name "apprun-prod-"${END}`,
    ],
    "a name of 64": [service("a".repeat(64)), `"x": got the name "${"a".repeat(64)}"${END}`],
    "a name with an empty part": [service("a..b"), `"x": got the name "a..b"${END}`],
  },
});
