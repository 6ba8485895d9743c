import { readFileSync } from "node:fs";
import type { Image } from "../../model/images.ts";
import type { Endpoint, JobSpec, Ready } from "../../model/workload.ts";
import type { S3Keys } from "../backup/secrets.ts";
import { JOB_RESOURCES } from "../kit/service-args.ts";
import { CLIENT_ENV, clientConfig } from "./client.ts";

const SCRIPT_PATH = "/opt/seaweedfs/bucket.sh";
const SCRIPT = readFileSync(new URL("scripts/bucket.sh", import.meta.url), "utf8");

export interface BucketJobArgs {
  readonly image: Image;
  readonly s3: Endpoint;
  readonly bucket: string;
  readonly app: S3Keys;
  readonly admin: S3Keys;
  readonly dependsOn: readonly Ready[];
}

/** Makes the bucket with versions before the app starts, and sees that the app's key opens it. */
export function bucketJob({ image, s3, bucket, app, admin, dependsOn }: BucketJobArgs): JobSpec {
  return {
    image,
    entrypoint: ["sh"],
    args: [SCRIPT_PATH],
    env: { ...CLIENT_ENV, BUCKET: bucket },
    files: [{ path: SCRIPT_PATH, content: SCRIPT }],
    secretFiles: [clientConfig(s3, { admin, app })],
    resources: JOB_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    zone: "data",
    connectsTo: [s3],
    dependsOn,
  };
}
