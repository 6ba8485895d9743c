import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openBucket, type Bucket } from "../../../../cli/backup/bucket/bucket.ts";
import { fakeS3, type FakeS3 } from "../../../support/fakes/s3.ts";

const KEYS = { accessKeyId: "id", secretAccessKey: "secret-of-the-bucket" };
const bytes = (text: string) => new TextEncoder().encode(text);

describe("a bucket", () => {
  let s3: FakeS3;
  let bucket: Bucket;
  beforeEach(async () => {
    s3 = await fakeS3();
    bucket = await openBucket({ endpoint: s3.endpoint, bucket: "backups" }, KEYS);
  });
  afterEach(() => {
    s3.close();
  });

  it("gives back what was put, and lists all keys of a prefix in order", async () => {
    for (const key of ["b/2", "b/1", "b/3", "a/1", "b/5", "b/4"]) await bucket.put(key, bytes(`content of ${key}`));
    expect(await bucket.list("b/")).toEqual(["b/1", "b/2", "b/3", "b/4", "b/5"]);
    expect(new TextDecoder().decode(await bucket.get("b/3"))).toBe("content of b/3");
    await bucket.remove(["b/1", "b/3"]);
    expect(await bucket.list("b/")).toEqual(["b/2", "b/4", "b/5"]);
  });

  it("is made with the first object, as the first backup makes it", async () => {
    s3.objects = undefined;
    expect(await bucket.list("a/")).toEqual([]);
    await bucket.put("a/1", bytes("x"));
    expect(await bucket.list("a/")).toEqual(["a/1"]);
  });

  it.each([
    ["is on", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>", true],
    ["was switched off", "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>", false],
    ["was never on", "<VersioningConfiguration/>", false],
  ])("tells whether old versions stay: versioning %s", async (_, answer, kept) => {
    s3.versioning = answer;
    expect(await bucket.keepsOldVersions()).toBe(kept);
  });

  it("says what the service refuses and what to do, without the key", async () => {
    s3.refuses = "AccessDenied";
    const refused = await bucket.put("a/1", bytes("x")).catch((error: unknown) => String(error));
    expect(refused).toMatch(
      /bucket backups at http:\S+ does not write a\/1: AccessDenied: no; check endpoint, bucket, region and keys of apprun:backup\.remote/,
    );
    expect(refused).not.toContain(KEYS.secretAccessKey);
  });

  it("says so where nothing answers", async () => {
    s3.close();
    await expect(bucket.list("")).rejects.toThrow(/bucket backups at \S+ does not list objects: .*ECONNREFUSED/);
  });
});
