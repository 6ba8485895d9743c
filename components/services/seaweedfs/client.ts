import { interpolate, type Output } from "@pulumi/pulumi";
import type { Endpoint, SecretFile } from "../../model/workload.ts";
import type { S3Keys } from "../backup/secrets.ts";

/** One server has one; clients must name some. */
export const REGION = "us-east-1";

const CONFIG_PATH = "/run/secrets/rclone.conf";

/** What every rclone of this folder is told: where its remotes are. */
export const CLIENT_ENV = { RCLONE_CONFIG: CONFIG_PATH } as const;

/** The server as remotes of rclone, one for each key, by the name that scripts use. */
export function clientConfig(s3: Endpoint, keys: Readonly<Record<string, S3Keys>>): SecretFile {
  const remotes = Object.entries(keys).map(([name, pair]) => remote(name, s3, pair));
  return { path: CONFIG_PATH, content: remotes.reduce((all, each) => interpolate`${all}\n${each}`) };
}

function remote(name: string, { address }: Endpoint, { accessKeyId, secretAccessKey }: S3Keys): Output<string> {
  return interpolate`[${name}]
type = s3
provider = SeaweedFS
endpoint = http://${address}
region = ${REGION}
access_key_id = ${accessKeyId}
secret_access_key = ${secretAccessKey}
`;
}
