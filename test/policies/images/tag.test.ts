import { imageTag } from "../../../policies/images/tag.ts";
import { container, deployment, describePolicy, remoteImage } from "../describe-policy.ts";

const END = "; allowed: a tag that names one version; set images.pins.<image>.tag, or app.image.tag, to a version";

describePolicy(imageTag, {
  passes: {
    "a version": remoteImage("postgres:17-alpine"),
    "a digest without a tag": remoteImage(`postgres@sha256:${"0".repeat(64)}`),
    "a registry with a port": remoteImage("localhost:5000/library/postgres:17"),
    "the id of an image": container({ image: "sha256:0123" }),
    "an image that is not known yet": container({ image: "[unknown until the update]" }),
  },
  fails: {
    latest: [remoteImage("websoft9/apprun:latest"), `image "websoft9/apprun:latest": got the tag "latest"${END}`],
    "no tag": [container({ image: "localhost:5000/apprun" }), `image "localhost:5000/apprun": got no tag${END}`],
    "latest in a pod": [
      deployment({ container: { image: "apprun/core:latest" } }),
      `image "apprun/core:latest": got the tag "latest"${END}`,
    ],
    "two containers of one image once": [
      [container({ image: "x:latest" }, "a"), container({ image: "x:latest" }, "b")],
      `image "x:latest": got the tag "latest"${END}`,
    ],
  },
});
