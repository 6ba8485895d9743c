import { CliError, EXIT } from "../../kit/exit.ts";
import { readText } from "../../kit/read-text.ts";
import type { BucketKeys, BucketPlace } from "./bucket.ts";

const ALLOWED =
  "the address of a bucket such as https://s3.example.com/backups, and a prefix after it where there is one";

/** How a bucket is named on the command line. */
export interface GivenBucket {
  /** Endpoint, bucket and prefix in one. */
  readonly address: string;
  readonly region?: string | undefined;
  /** File of the certificate that signed the server's. */
  readonly ca?: string | undefined;
}

/**
 * Endpoint, bucket and prefix from one address.
 * @throws CliError for what is none
 */
export function bucketAt({ address, region, ca }: GivenBucket): BucketPlace & { readonly prefix?: string | undefined } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const [bucket, ...rest] = (url?.pathname ?? "").split("/").filter((part) => part !== "");
  if (url === undefined || !/^https?:$/.test(url.protocol) || bucket === undefined || url.username !== "")
    throw new CliError(
      { got: `--from-backup: got "${shown(address)}"`, allowed: ALLOWED, fix: "name it; nothing was changed" },
      EXIT.usage,
    );
  return {
    endpoint: url.origin,
    bucket,
    prefix: rest.length === 0 ? undefined : rest.join("/"),
    region,
    ca: ca === undefined ? undefined : readText("--ca", ca),
  };
}

/** Keys in an address would be repeated in the message. */
function shown(address: string): string {
  return address.replace(/\/\/[^/@]*@/, "//***@");
}

const VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;

/**
 * The bucket's keys, from the variables that every program of S3 reads: an option would be in the list of processes.
 * @throws CliError when one is missing
 */
export function keysFrom(env: NodeJS.ProcessEnv): BucketKeys {
  const [accessKeyId, secretAccessKey] = VARIABLES.map((name) => env[name] ?? "");
  const missing = VARIABLES.filter((name) => (env[name] ?? "") === "");
  if (missing.length === 0) return { accessKeyId: accessKeyId ?? "", secretAccessKey: secretAccessKey ?? "" };
  throw new CliError(
    {
      got: `the bucket's keys: ${missing.join(" and ")} not set`,
      allowed: `${VARIABLES.join(" and ")} in the environment: a key that may read and write the bucket`,
      fix: "set them; nothing was changed",
    },
    EXIT.usage,
  );
}
