import type { Output } from "@pulumi/pulumi";
import type { Image } from "./images.ts";
import type { Bytes } from "./units.ts";
import type { Endpoint, Ready, Resources } from "./workload.ts";

/** Base backups and write-ahead log of a cluster in S3-compatible storage. */
export interface ClusterBackup {
  /** Such as `s3://backups/apprun`. */
  readonly destination: string;
  /** @default - AWS */
  readonly endpoint?: string | undefined;
  /** How long backups are kept, in days, such as `30d`. */
  readonly retention: string;
  /** Cron expression with seconds. */
  readonly schedule: string;
  readonly accessKeyId: Output<string>;
  readonly secretAccessKey: Output<string>;
}

/** A replicated PostgreSQL that an operator of the platform runs: primary, replicas and failover. */
export interface PostgresClusterSpec {
  readonly image: Image;
  readonly instances: number;
  /** Volume of each instance. */
  readonly storage: Bytes;
  /** Server parameters by name. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly resources: Resources;
  /** Password of the superuser `postgres`. */
  readonly superuserPassword: Output<string>;
  /** @default - none */
  readonly backup?: ClusterBackup | undefined;
}

export interface PostgresCluster {
  /** The primary, whichever instance it is. */
  readonly endpoint: Endpoint;
  readonly ready: Ready;
}
