import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { messageOf } from "../support/record/settings.ts";

const S3 = "https://s3.example.com";
const R2 = "https://0123.r2.cloudflarestorage.com";
const SECRETS = Object.fromEntries(
  ["storageAccessKeyId", "storageSecretAccessKey", "backupAccessKeyId", "backupSecretAccessKey"].map((key) => [
    key,
    secret(key),
  ]),
);
const files = (bucket: string, endpoint = S3) => ({
  storage: { mode: "s3", s3: { bucket, endpoint, region: "auto" } },
});
const sets = (bucket: string, endpoint = S3) => ({ backup: { remote: { bucket, endpoint } } });
const operator = (destination: string) => ({
  postgres: { mode: "operator", operator: { backup: { destination, endpoint: S3 } } },
  platform: "kubernetes",
});
const FILES_TOO = (setting: string) => [
  `  apprun:storage.s3.bucket: got "one", which is ${setting} too; allowed: a bucket of its own: whose key writes the app's files could remove backups there; name another`,
];

/** What the rules on buckets say of these settings. */
const found = (values: Record<string, unknown>) =>
  messageOf(values, "dev", SECRETS).filter((line) => /^ {2}apprun:\S+\.(bucket|destination): /.test(line));

describe("one bucket has one role", () => {
  it.each<[string, Record<string, unknown>, readonly string[]]>([
    ["files and sets", { ...files("one"), ...sets("one") }, FILES_TOO("backup.remote.bucket")],
    [
      "files and what the operator backs up",
      { ...files("one"), ...operator("s3://one/db") },
      FILES_TOO("postgres.operator.backup.destination"),
    ],
    [
      "files and a bucket that Cloudflare makes for backups",
      { ...files("one", R2), cloudflare: { backups: { bucket: "one" } } },
      FILES_TOO("cloudflare.backups.bucket"),
    ],
    [
      "sets inside of what the operator backs up",
      { ...sets("one"), ...operator("s3://one/apprun/") },
      [
        '  apprun:postgres.operator.backup.destination: got "s3://one/apprun", where backup.remote keeps its sets; allowed: another bucket, or a path beside it; name another',
      ],
    ],
  ])("refuses %s", (_what, values, expected) => {
    expect(found(values)).toEqual(expected);
  });

  it.each<[string, Record<string, unknown>]>([
    ["a bucket of that name elsewhere", { ...files("one"), ...sets("one", R2) }],
    ["a bucket of that name that Cloudflare makes", { ...files("one"), cloudflare: { backups: { bucket: "one" } } }],
    ["sets beside what the operator backs up", { ...sets("one"), ...operator("s3://one/postgres") }],
  ])("takes %s", (_what, values) => {
    expect(found(values)).toEqual([]);
  });
});
