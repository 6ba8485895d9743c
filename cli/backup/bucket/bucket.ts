import { rootCertificates } from "node:tls";
import type * as S3 from "@aws-sdk/client-s3";
import { CliError, reasonOf } from "../../kit/exit.ts";

/** A bucket of an S3 service. */
export interface BucketPlace {
  /** URL of the service, without a path. */
  readonly endpoint: string;
  readonly bucket: string;
  /** @default - the service tells */
  readonly region?: string | undefined;
  /** Certificate in PEM that signed the server's. @default - a publicly trusted one */
  readonly ca?: string | undefined;
}

export interface BucketKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The objects of one bucket. Every call throws CliError where the service refuses it or does not answer. */
export interface Bucket {
  /** Keys that begin with `prefix`, in the order of their letters. */
  list(prefix: string): Promise<readonly string[]>;
  get(key: string): Promise<Uint8Array>;
  /** Makes the bucket where there is none, as the first backup does. */
  put(key: string, content: Uint8Array): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
  /** Whether what is deleted or overwritten can be brought back. */
  keepsOldVersions(): Promise<boolean>;
}

/** Time in milliseconds for a connection, and for an answer. */
const TIMEOUTS = { connectionTimeout: 10_000, requestTimeout: 30_000 };

/** Opens a bucket; nothing is asked of it yet. */
export async function openBucket(place: BucketPlace, keys: BucketKeys): Promise<Bucket> {
  // Takes a third of a second to load: only for those who need it.
  const s3 = await import("@aws-sdk/client-s3");
  const client = new s3.S3Client(clientConfig(place, keys));
  const Bucket = place.bucket;
  const ask = <T>(what: string, answer: () => Promise<T>): Promise<T> => said(place, what, answer());
  return {
    list: (prefix) => ask("list objects", () => listAll(s3, client, Bucket, prefix)),
    get: (key) =>
      ask(`read ${key}`, async () => {
        const { Body } = await client.send(new s3.GetObjectCommand({ Bucket, Key: key }));
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      }),
    put: (key, content) =>
      ask(`write ${key}`, async () => {
        const put = () => client.send(new s3.PutObjectCommand({ Bucket, Key: key, Body: content }));
        await put().catch(async (error: unknown) => {
          if (nameOf(error) !== "NoSuchBucket") throw error;
          await client.send(new s3.CreateBucketCommand({ Bucket }));
          await put();
        });
      }),
    remove: (names) =>
      ask("remove objects", async () => {
        for (const Key of names) await client.send(new s3.DeleteObjectCommand({ Bucket, Key }));
      }),
    keepsOldVersions: () =>
      ask("tell whether it keeps old versions", async () => {
        // R2 has neither, and says so in its own way.
        const none = (error: unknown) => {
          if (isUnknownToService(error)) return undefined;
          throw error;
        };
        const versioning = await client.send(new s3.GetBucketVersioningCommand({ Bucket })).catch(none);
        if (versioning?.Status === "Enabled") return true;
        const lock = await client.send(new s3.GetObjectLockConfigurationCommand({ Bucket })).catch(none);
        return lock?.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled";
      }),
  };
}

function clientConfig({ endpoint, region, ca }: BucketPlace, credentials: BucketKeys): S3.S3ClientConfig {
  return {
    endpoint,
    region: region ?? "us-east-1",
    followRegionRedirects: true,
    forcePathStyle: true,
    credentials,
    maxAttempts: 3,
    // Older services of this kind do not know the newer checksums.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { ...TIMEOUTS, ...(ca !== undefined && { httpsAgent: { ca: [...rootCertificates, ca] } }) },
  };
}

async function listAll(
  { ListObjectsV2Command }: typeof S3,
  client: S3.S3Client,
  Bucket: string,
  Prefix: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await client
      .send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken }))
      .catch((error: unknown) => {
        if (nameOf(error) === "NoSuchBucket") return undefined;
        throw error;
      });
    found.push(...(page?.Contents ?? []).flatMap(({ Key }) => Key ?? []));
    ContinuationToken = page?.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found.sort();
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

function isUnknownToService(error: unknown): boolean {
  return ["NotImplemented", "ObjectLockConfigurationNotFoundError"].includes(nameOf(error));
}

async function said<T>({ endpoint, bucket }: BucketPlace, what: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new CliError({
      happened: `bucket ${bucket} at ${endpoint} does not ${what}: ${[nameOf(error), reasonOf(error)].filter((part) => part !== "").join(": ")}`,
      fix: "check endpoint, bucket, region and keys of apprun:backup.remote, and that this machine reaches them",
    });
  }
}
