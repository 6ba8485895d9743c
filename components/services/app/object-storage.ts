import { interpolate, type Output } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Endpoint, JobSpec, Ready } from "../../model/workload.ts";
import type { S3Keys } from "../backup/secrets.ts";
import { authorityFiles, authorityPath } from "../kit/authorities.ts";
import { address, fact } from "../kit/fact.ts";
import type { Link } from "../kit/link.ts";
import { JOB_RESOURCES } from "../kit/service-args.ts";

/** A bucket of an S3 service, and the keys that open it. */
export interface Bucket {
  /** @default - AWS */
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly bucket: string;
  /** Whether the bucket stands in the path of URLs. @default - with an endpoint of your own it does */
  readonly pathStyle?: boolean | undefined;
  readonly keys: S3Keys;
  /** Certificate in PEM that signed the server's. @default - a publicly trusted one */
  readonly ca?: string | undefined;
  /** How it is reached in the stack, and what makes and checks it. @default - it is outside */
  readonly inside?: { readonly port: Endpoint; readonly ready: Ready } | undefined;
}

/** What the bucket's authority is called among those that a container trusts. */
export const BUCKET_AUTHORITY = "storage";

/** Whether the bucket stands in the path: services other than AWS seldom have a host name for each bucket. */
export function pathStyle({ endpoint, pathStyle: asked }: Pick<Bucket, "endpoint" | "pathStyle">): boolean {
  return asked ?? endpoint !== undefined;
}

/** The bucket's own URL. */
export function bucketUrl(bucket: Pick<Bucket, "endpoint" | "region" | "bucket" | "pathStyle">): string {
  const endpoint = endpointOf(bucket);
  return pathStyle(bucket) ? `${endpoint}/${bucket.bucket}` : endpoint.replace("://", `://${bucket.bucket}.`);
}

function endpointOf({ endpoint, region }: Pick<Bucket, "endpoint" | "region">): string {
  return endpoint ?? `https://s3.${region}.amazonaws.com`;
}

const CURL_FILE = "/run/secrets/curl";

/** A file of curl's options, so that no list of processes shows the keys. */
function curlOptions({ keys: { accessKeyId, secretAccessKey }, region, ca }: Bucket): Output<string> {
  const authority = ca === undefined ? "" : `cacert = "${authorityPath(BUCKET_AUTHORITY)}"\n`;
  return interpolate`user = "${accessKeyId}:${secretAccessKey}"\naws-sigv4 = "aws:amz:${region}:s3"\nsilent\nmax-time = 20\n${authority}`;
}

/**
 * A job that ends well only when the bucket takes an object, gives it back and
 * deletes it again. It runs in the app's own image, where that has curl.
 */
export function bucketCheckJob({ image, bucket }: { readonly image: Image; readonly bucket: Bucket }): JobSpec {
  return {
    image,
    entrypoint: ["sh", "-c"],
    args: [checkScript(bucketUrl(bucket), bucket)],
    files: authorityFiles(BUCKET_AUTHORITY, bucket),
    secretFiles: [{ path: CURL_FILE, content: curlOptions(bucket) }],
    resources: JOB_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    zone: "backend",
    egress: true,
  };
}

/** Tries of the first request, a second apart: a new container's way out may open some seconds after its start. */
const TRIES = 20;

/** The payload is left unsigned: curl 7.88 signs another hash of it than the one that it sends. */
function checkScript(url: string, { region }: Pick<Bucket, "region">): string {
  return `object=${url}/.apprun-check-$(hostname)
ask() { curl --config ${CURL_FILE} --write-out '\\n%{http_code}' "$@" 2>&1; }
status() { printf '%s' "$1" | tail -n 1; }
why() { code=$(printf '%s' "$1" | sed -n 's/.*<Code>\\([A-Za-z0-9]*\\)<.*/\\1/p'); echo "HTTP status $(status "$1")\${code:+, $code}"; }
problems=
add() { problems="$problems
  $1"; }
try=1
until written=$(ask --request PUT --header 'x-amz-content-sha256: UNSIGNED-PAYLOAD' --data-binary apprun "$object"); do
  if [ "$try" -ge ${TRIES} ]; then
    echo "the bucket at ${url} does not answer: $(ask --show-error --output /dev/null "$object" | head -n 1); see apprun:storage.s3"
    exit 1
  fi
  try=$((try + 1))
  sleep 1
done
[ "$(status "$written")" = 200 ] || add "write an object: $(why "$written")"
read=$(ask "$object")
[ "$read" = "$(printf 'apprun\\n200')" ] || add "read it back: $(why "$read")"
deleted=$(ask --request DELETE "$object")
case "$(status "$deleted")" in 200 | 204) ;; *) add "delete it: $(why "$deleted")" ;; esac
if [ -n "$problems" ]; then
  echo "the bucket at ${url} with region ${region} does not let the app:$problems"
  echo "  see apprun:storage.s3 and the secrets apprun:storageAccessKeyId and apprun:storageSecretAccessKey"
  exit 1
fi
case "$(ask "${url}?versioning=")" in *'<Status>Enabled</Status>'*) ;; *) echo "warning: the bucket at ${url} keeps no versions, or does not say so; backups leave it out, so nothing brings back a file that is deleted there; turn its versioning on" ;; esac`;
}

/** What the app is told of the bucket: the AWS SDK's own variables, and path style as the app names it. */
export function bucketLink(bucket: Bucket): Link {
  return {
    facts: {
      "storage.url": address(bucketUrl(bucket)),
      "storage.endpoint": address(endpointOf(bucket)),
      "storage.region": fact(bucket.region),
      "storage.bucket": fact(bucket.bucket),
      "storage.accessKeyId": fact(bucket.keys.accessKeyId),
      "storage.secretAccessKey": fact(bucket.keys.secretAccessKey),
    },
    environment: {
      STORAGE_TYPE: "s3",
      S3_BUCKET: bucket.bucket,
      S3_FORCE_PATH_STYLE: String(pathStyle(bucket)),
      AWS_REGION: bucket.region,
      ...(bucket.endpoint !== undefined && { AWS_ENDPOINT_URL_S3: bucket.endpoint }),
    },
    secrets: {
      AWS_ACCESS_KEY_ID: { file: "storage-access-key-id", content: bucket.keys.accessKeyId },
      AWS_SECRET_ACCESS_KEY: { file: "storage-secret-access-key", content: bucket.keys.secretAccessKey },
    },
    authority: { kind: BUCKET_AUTHORITY, ca: bucket.ca },
    ...(bucket.inside && { connectsTo: [bucket.inside.port], dependsOn: [bucket.inside.ready] }),
  };
}
