import { imageDigest } from "../../../policies/images/digest.ts";
import { deployment, describePolicy, remoteImage } from "../describe-policy.ts";

const END =
  ": got no digest; allowed: a reference with a digest, such as name:tag@sha256:…; run: node cli/bin.mjs images digests, which writes images.pins.<image>; set app.image.digest by hand";
const DIGEST = `sha256:${"0a".repeat(32)}`;

describePolicy(imageDigest, {
  passes: {
    "a digest": remoteImage(`postgres:17-alpine@${DIGEST}`),
    "a digest in a pod": deployment({ container: { image: `postgres@${DIGEST}` } }),
  },
  fails: {
    "a tag": [remoteImage("postgres:17-alpine"), `image "postgres:17-alpine"${END}`],
    "half a digest": [remoteImage("postgres:17@sha256:0a"), `image "postgres:17@sha256:0a"${END}`],
    "more than a digest": [remoteImage(`postgres:17@${DIGEST}0`), `image "postgres:17@${DIGEST}0"${END}`],
    "something before a digest": [remoteImage(`postgres:17@x${DIGEST}`), `image "postgres:17@x${DIGEST}"${END}`],
  },
});
