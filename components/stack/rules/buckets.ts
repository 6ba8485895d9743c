import { repositoryPath } from "../../services/backup/remote.ts";
import { problem, type Rule } from "../../settings/kit/rule.ts";
import type { Settings } from "../settings.ts";

/** A bucket that a setting names, and where in it. */
interface Place {
  readonly setting: string;
  readonly bucket: string;
  /** @default - AWS, or R2 where Cloudflare makes the bucket */
  readonly endpoint?: string | undefined;
  readonly path?: string;
}

/**
 * One bucket has one role. Who may write the app's files could remove backups in the same
 * bucket, and what tidies one role up removes what the other needs.
 */
export const bucketRules: readonly Rule<Settings>[] = [
  (settings) => {
    const files = filesOf(settings);
    const other = files && backupsOf(settings).find((place) => isSame(files, place));
    return other && problem("storage.s3.bucket", `"${files.bucket}", which is ${other.setting} too`, ...ONE_ROLE);
  },
  (settings) => {
    const [sets, operator] = [setsOf(settings), operatorOf(settings)];
    return sets && operator && isSame(sets, operator) && isNested(sets.path ?? "", operator.path ?? "")
      ? problem(
          operator.setting,
          `"s3://${operator.bucket}/${operator.path}", where backup.remote keeps its sets`,
          "another bucket, or a path beside it",
          "name another",
        )
      : undefined;
  },
];

const ONE_ROLE = [
  "a bucket of its own: whose key writes the app's files could remove backups there",
  "name another",
] as const;

function filesOf({ storage }: Settings): Place | undefined {
  const { s3 } = storage;
  return s3 && { setting: "storage.s3.bucket", bucket: s3.bucket, endpoint: s3.endpoint };
}

function setsOf({ backup, identity }: Settings): Place | undefined {
  const { remote } = backup;
  return (
    remote && {
      setting: "backup.remote.bucket",
      bucket: remote.bucket,
      endpoint: remote.endpoint,
      path: repositoryPath(remote, `${identity.project}/${identity.stack}`),
    }
  );
}

function operatorOf({ postgres }: Settings): Place | undefined {
  const { backup } = postgres.operator;
  if (backup === undefined) return undefined;
  const [bucket = "", ...path] = backup.destination.slice("s3://".length).replace(/\/$/, "").split("/");
  return {
    setting: "postgres.operator.backup.destination",
    bucket,
    endpoint: backup.endpoint,
    path: path.join("/"),
  };
}

function madeOf({ cloudflare }: Settings): Place | undefined {
  const { backups } = cloudflare;
  return backups && { setting: "cloudflare.backups.bucket", bucket: backups.bucket };
}

function backupsOf(settings: Settings): readonly Place[] {
  return [setsOf(settings), operatorOf(settings), madeOf(settings)].filter((place) => place !== undefined);
}

/** Cloudflare's buckets are at an endpoint of R2. */
function isSame(one: Place, other: Place): boolean {
  const isR2 = (one.endpoint ?? "").endsWith(".r2.cloudflarestorage.com");
  return (
    one.bucket === other.bucket && (other.setting.startsWith("cloudflare.") ? isR2 : one.endpoint === other.endpoint)
  );
}

function isNested(one: string, other: string): boolean {
  return other !== "" && (`${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`));
}
