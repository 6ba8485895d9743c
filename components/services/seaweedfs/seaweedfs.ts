import { ComponentResource, secret, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Bytes, Duration } from "../../model/units.ts";
import type { Endpoint, Ready } from "../../model/workload.ts";
import type { Bucket } from "../app/object-storage.ts";
import type { S3Keys } from "../backup/secrets.ts";
import type { Made } from "../kit/made.ts";
import { generatedSecret } from "../kit/secrets.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";
import { bucketJob } from "./bucket-job.ts";
import { REGION } from "./client.ts";
import { copyWorkload, TOKENS } from "./copy.ts";
import { identities } from "./identities.ts";
import { COPY_VOLUME } from "./index.ts";
import { WORLD_WRITABLE } from "./places.ts";
import { seaweedfsWorkload } from "./workload.ts";

export interface SeaweedfsArgs extends ServiceArgs<"seaweedfs" | "rclone"> {
  readonly bucket: string;
  readonly storage: Bytes;
  readonly copyEvery: Duration;
  /** Whether backups take the bucket's content. */
  readonly isBackedUp: boolean;
}

/** SeaweedFS: the app's bucket inside of the stack. */
export class Seaweedfs extends ComponentResource implements Made {
  readonly logins: NonNullable<Made["logins"]>;

  /** The app's bucket, ready to be used. */
  readonly bucket: Bucket & { readonly inside: NonNullable<Bucket["inside"]> };

  constructor(name: string, args: SeaweedfsArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Seaweedfs", name, {}, opts);
    const child = { parent: this };
    const generated = { protect: args.protectData, rotation: args.rotation, parent: this };
    const app: S3Keys = {
      accessKeyId: generatedSecret(`${name}-app-id`, { ...generated, length: 20 }),
      secretAccessKey: generatedSecret(`${name}-app-key`, generated),
    };
    const admin: S3Keys = {
      accessKeyId: secret("admin"),
      secretAccessKey: generatedSecret(`${name}-admin-key`, generated),
    };
    const volume = args.platform.volume(
      name,
      { size: args.storage, retention: "data", backup: { leftOut: LEFT_OUT } },
      child,
    );
    const workload = args.platform.workload(
      name,
      seaweedfsWorkload({
        ...args,
        image: args.image("seaweedfs"),
        identities: identities({ bucket: args.bucket, app, admin }),
        data: { volume, path: WORLD_WRITABLE },
      }),
      child,
    );
    const s3 = workload.endpoint("s3");
    const image = args.image("rclone");
    const job = { image, s3, bucket: args.bucket, app, admin, dependsOn: [workload.ready] };
    const made = args.platform.job(`${name}-bucket`, bucketJob(job), child);
    this.bucket = {
      endpoint: `http://${s3.address}`,
      region: REGION,
      bucket: args.bucket,
      pathStyle: true,
      keys: app,
      inside: { port: s3, ready: made.succeeded },
    };
    if (args.isBackedUp) this.#copy(args, { s3, admin, ready: made.succeeded });
    this.logins = {
      [name]: { username: app.accessKeyId, password: app.secretAccessKey },
      [`${name}-admin`]: { username: admin.accessKeyId, password: admin.secretAccessKey },
    };
    this.registerOutputs({ ...shownWorkload(workload), bucket: args.bucket });
  }

  /** What backup sets hold of the bucket. */
  #copy(
    { platform, image, bucket, storage, copyEvery }: SeaweedfsArgs,
    { s3, admin, ready }: { readonly s3: Endpoint; readonly admin: S3Keys; readonly ready: Ready },
  ): void {
    const child = { parent: this };
    const client = image("rclone");
    const backup = { files: { gid: client.gid, except: TOKENS } };
    const volume = platform.volume(COPY_VOLUME, { size: storage, retention: "data", backup }, child);
    platform.workload(
      COPY_VOLUME,
      copyWorkload({ image: client, s3, bucket, admin, volume, every: copyEvery, dependsOn: [ready] }),
      child,
    );
  }
}

const LEFT_OUT =
  "a copy of a running server's files is not consistent, so sets hold the bucket's objects, which are copied through S3";
