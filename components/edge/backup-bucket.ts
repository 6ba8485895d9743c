import * as cloudflare from "@pulumi/cloudflare";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { CloudflareProvider } from "./provider.ts";

export interface BackupBucketArgs {
  readonly accountId: string;
  readonly bucket: string;
  /** @default - near the first request */
  readonly location?: string | undefined;
  /** Whether it refuses to be deleted. */
  readonly protect: boolean;
  readonly provider: CloudflareProvider;
}

/** Seconds after which the parts of an upload that nobody ended are removed: a week. */
const UNFINISHED = 7 * 86_400;

/**
 * An R2 bucket for backups and state. It outlives the stack, and nothing in it
 * ends by age: restic writes its key and its configuration once, and new sets
 * refer to old packs, so a bucket that deletes what is old deletes every set.
 */
export class BackupBucket extends ComponentResource {
  constructor(
    name: string,
    { accountId, bucket, location, protect, provider }: BackupBucketArgs,
    opts: ComponentResourceOptions = {},
  ) {
    super("apprun:edge:BackupBucket", name, {}, opts);
    const options = { parent: this, provider };
    const { name: bucketName } = new cloudflare.R2Bucket(
      name,
      { accountId, name: bucket, location },
      { ...options, protect, retainOnDelete: true },
    );
    new cloudflare.R2BucketLifecycle(
      name,
      {
        accountId,
        bucketName,
        rules: [
          {
            // The rule of this name deleted objects too: with the same one, an existing bucket loses that.
            id: "expire",
            enabled: true,
            conditions: { prefix: "" },
            abortMultipartUploadsTransition: { condition: { type: "Age", maxAge: UNFINISHED } },
          },
        ],
      },
      options,
    );
    this.registerOutputs({ bucket });
  }
}
