import { describe, expect, it } from "vitest";
import { bucketAt, keysFrom } from "../../../../cli/backup/bucket/given-bucket.ts";

describe("a bucket on the command line", () => {
  it.each([
    ["https://s3.example.com/backups", { endpoint: "https://s3.example.com", bucket: "backups", prefix: undefined }],
    ["https://s3.example.com:9000/backups/", { endpoint: "https://s3.example.com:9000", bucket: "backups" }],
    ["http://10.0.0.1/backups/hosts/one", { endpoint: "http://10.0.0.1", bucket: "backups", prefix: "hosts/one" }],
  ])("%s", (address, expected) => {
    expect(bucketAt({ address })).toMatchObject(expected);
  });

  it.each(["backups", "https://s3.example.com", "https://s3.example.com/", "s3://backups/one", "sftp://host/backups"])(
    "is refused as %s",
    (address) => {
      expect(() => bucketAt({ address })).toThrow(
        `--from-backup: got "${address}"; allowed: the address of a bucket such as https://s3.example.com/backups`,
      );
    },
  );

  it("has no keys in its address, and a refusal does not repeat them", () => {
    expect(() => bucketAt({ address: "https://id:key@s3.example.com/backups" })).toThrow(
      'got "https://***@s3.example.com/backups"',
    );
  });

  it("has its keys in the environment", () => {
    expect(keysFrom({ AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "key" })).toEqual({
      accessKeyId: "id",
      secretAccessKey: "key",
    });
    expect(() => keysFrom({ AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "" })).toThrow(
      "the bucket's keys: AWS_SECRET_ACCESS_KEY not set; allowed: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment",
    );
  });
});
