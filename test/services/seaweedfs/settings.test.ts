import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { messageOf } from "../../support/record/settings.ts";
import { settingsOf } from "../../support/record/stacks.ts";

describe("the settings of a bucket inside of the stack", () => {
  it("switch nothing on by themselves", () => {
    expect(settingsOf({}).storage.mode).toBe("local");
    expect(settingsOf({}).seaweedfs).toMatchObject({ bucket: "apprun-storage", storage: "10Gi" });
    expect(messageOf({ storage: { mode: "local-s3" } })).toEqual([]);
  });

  it("exclude a service of others and its keys", () => {
    expect(
      messageOf({ storage: { mode: "local-s3", s3: { bucket: "uploads" } } }, "dev", {
        storageAccessKeyId: secret("id"),
        storageSecretAccessKey: secret("key"),
      }),
    ).toEqual([
      "  apprun:storage.s3: got a map; allowed: nothing with storage.mode local-s3; set storage.mode to s3 or remove it",
      "  apprun:storageAccessKeyId: got a secret; allowed: nothing with storage.mode local-s3; remove it or set storage.mode to s3",
      "  apprun:storageSecretAccessKey: got a secret; allowed: nothing with storage.mode local-s3; remove it or set storage.mode to s3",
    ]);
  });

  it.each([
    [
      { storage: "512Mi" },
      '  apprun:seaweedfs.storage: got "512Mi"; allowed: at least 1Gi: the server divides it into volumes, of which each bucket takes several; raise it',
    ],
    [
      { bucket: "Uploads" },
      '  apprun:seaweedfs.bucket: got "Uploads"; allowed: a bucket such as "apprun-storage"; change it',
    ],
  ])("refuse %j", (seaweedfs, message) => {
    expect(messageOf({ storage: { mode: "local-s3" }, seaweedfs })).toEqual([message]);
  });

  it.each(["docker", "kubernetes"])("know of no replicas on %s: the store is files of one directory", (platform) => {
    const given = { platform, storage: { mode: "local-s3" }, seaweedfs: { replicas: 2 } };
    expect(messageOf(given).join("\n")).toContain("apprun:seaweedfs.replicas");
  });
});
