import { jsonStringify, type Output } from "@pulumi/pulumi";
import type { S3Keys } from "../backup/secrets.ts";

export interface IdentitiesArgs {
  readonly bucket: string;
  /** What the app has. */
  readonly app: S3Keys;
  /** What the set-up and the backups have. */
  readonly admin: S3Keys;
}

/** What the app may do with its objects. What is deleted stays as an older version: to delete one of those is not among it. */
const OBJECTS = [
  "s3:GetObject",
  "s3:GetObjectVersion",
  "s3:PutObject",
  "s3:DeleteObject",
  "s3:GetObjectTagging",
  "s3:PutObjectTagging",
  "s3:DeleteObjectTagging",
  "s3:AbortMultipartUpload",
  "s3:ListMultipartUploadParts",
];

/** What it may ask of its bucket, of which it can change nothing. */
const BUCKET = [
  "s3:ListBucket",
  "s3:ListBucketVersions",
  "s3:ListBucketMultipartUploads",
  "s3:GetBucketLocation",
  "s3:GetBucketVersioning",
];

/**
 * Who may do what. The server's own words for rights (`Write:bucket`) would let
 * the app switch versions off and delete them; a policy does not.
 */
export function identities({ bucket, app, admin }: IdentitiesArgs): Output<string> {
  const policy = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: OBJECTS, Resource: [`arn:aws:s3:::${bucket}/*`] },
      { Effect: "Allow", Action: BUCKET, Resource: [`arn:aws:s3:::${bucket}`] },
    ],
  };
  const credentials = ({ accessKeyId, secretAccessKey }: S3Keys) => [
    { accessKey: accessKeyId, secretKey: secretAccessKey },
  ];
  return jsonStringify({
    identities: [
      { name: "app", credentials: credentials(app), policyNames: ["app"] },
      { name: "admin", credentials: credentials(admin), actions: ["Admin"] },
    ],
    policies: [{ name: "app", content: JSON.stringify(policy) }],
  });
}
