import * as cloudflare from "@pulumi/cloudflare";
import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { CloudflareProvider } from "./provider.ts";

export interface BackupBucketArgs {
  readonly accountId: string;
  readonly bucket: string;
  /** @default - near the first request */
  readonly location?: string | undefined;
  /** Days after which an object is deleted. */
  readonly expireDays: number;
  /** Whether it refuses to be deleted. */
  readonly protect: boolean;
  readonly provider: CloudflareProvider;
}

const DAY = 86_400;
/** Seconds after which the parts of an upload that nobody ended are removed. */
const UNFINISHED = 7 * DAY;

/** An R2 bucket for backups and state. It outlives the stack. */
export class BackupBucket extends ComponentResource {
  constructor(name: string, { accountId, bucket, location, expireDays, protect, provider }: BackupBucketArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:edge:BackupBucket", name, {}, opts);
    const options = { parent: this, provider };
    const { name: bucketName } = new cloudflare.R2Bucket(name, { accountId, name: bucket, location }, { ...options, protect, retainOnDelete: true });
    const after = (maxAge: number) => ({ condition: { type: "Age", maxAge } });
    new cloudflare.R2BucketLifecycle(
      name,
      {
        accountId,
        bucketName,
        rules: [
          {
            id: "expire",
            enabled: true,
            conditions: { prefix: "" },
            deleteObjectsTransition: after(expireDays * DAY),
            abortMultipartUploadsTransition: after(UNFINISHED),
          },
        ],
      },
      options,
    );
    this.registerOutputs({ bucket, expireDays });
  }
}
