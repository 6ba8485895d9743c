import { createHash } from "node:crypto";
import { all, interpolate, type Output } from "@pulumi/pulumi";
import type { SecretValues } from "../kit/secrets.ts";

/** Key pair of an S3 service. */
export interface S3Keys {
  readonly accessKeyId: Output<string>;
  readonly secretAccessKey: Output<string>;
}

/** What tells two keys apart without telling either. Keys are random and long, so a hash of one cannot be guessed back. */
export function fingerprint(key: string): string {
  return createHash("sha256").update(`apprun-key-fingerprint:${key}`).digest("hex").slice(0, 16);
}

/**
 * Fingerprints by key name, as JSON: one, or a list where data may be encrypted
 * with any of several. A set fits a stack that has all of the set's.
 */
export function fingerprints(keys: Readonly<Record<string, SecretValues>>): Output<string> {
  return all(Object.fromEntries(Object.entries(keys).map(([name, values]) => [name, all([...values])]))).apply(
    (values) =>
      `${JSON.stringify(
        Object.fromEntries(
          Object.entries(values)
            .sort()
            .map(([name, [first = "", ...others]]) => [
              name,
              others.length === 0 ? fingerprint(first) : [first, ...others].map(fingerprint),
            ]),
        ),
      )}\n`,
  );
}

/** The shared credentials file of the S3 clients. */
export function s3Credentials({ accessKeyId, secretAccessKey }: S3Keys): Output<string> {
  return interpolate`[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
}
