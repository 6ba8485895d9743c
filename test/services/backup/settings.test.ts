import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseSettings } from "../../../components/stack/parse.ts";

const REMOTE = { endpoint: "https://s3.example.com", bucket: "backups" };

function read(values: Record<string, unknown>, stack = "dev", secrets = {}) {
  return parseSettings({ project: "apprun", stack }, { values, secrets, plainSecrets: [] }).backup;
}

describe("backups", () => {
  it("are on, but in PR stacks, which are thrown away", () => {
    expect(read({}).enabled).toBe(true);
    expect(read({}, "pr-7").enabled).toBe(false);
    expect(read({ platform: "kubernetes" }).enabled).toBe(true);
    expect(read({ backup: { enabled: true } }, "pr-7").enabled).toBe(true);
  });

  it("keep what apprun asks for: 7 days here, 30 days remotely", () => {
    const { local, remote } = read({ backup: { remote: REMOTE } }, "dev", {
      backupAccessKeyId: secret("a"),
      backupSecretAccessKey: secret("b"),
    });
    expect([local.days, remote?.days]).toEqual([7, 30]);
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { backup: { schedule: "@daily" } },
      '  apprun:backup.schedule: got "@daily"; allowed: five fields of numbers, *, ranges, lists and steps, in UTC, such as "30 2 * * *"; change it',
    ],
    [
      { backup: { remote: { ...REMOTE, endpoint: "s3.example.com" } } },
      '  apprun:backup.remote.endpoint: got "s3.example.com"; allowed: the URL of an S3 service such as "https://<account>.r2.cloudflarestorage.com", without a path; SFTP is none: it would need a login on that host; change it',
    ],
    [
      { backup: { remote: { ...REMOTE, endpoint: "sftp://host" } } },
      '  apprun:backup.remote.endpoint: got "sftp://host"; allowed: the URL of an S3 service such as "https://<account>.r2.cloudflarestorage.com", without a path; SFTP is none: it would need a login on that host; change it',
    ],
    [
      { backup: { remote: { ...REMOTE, bucket: "Backups" } } },
      '  apprun:backup.remote.bucket: got "Backups"; allowed: a bucket in lower case such as "backups"; change it',
    ],
    [
      { backup: { remote: { ...REMOTE, prefix: "/a" } } },
      '  apprun:backup.remote.prefix: got "/a"; allowed: a path in the bucket such as "hosts/one"; change it',
    ],
    [
      { backup: { local: { size: "2Gi" } } },
      '  apprun:backup.local.size: got "2Gi"; allowed: at most backup.storage (1.5Gi), which holds the repository; lower it or raise backup.storage',
    ],
    [
      { backup: { remote: REMOTE } },
      "  apprun:backupAccessKeyId: got nothing; allowed: a secret with backup.remote; run: pulumi config set --secret apprun:backupAccessKeyId\n" +
        "  apprun:backupSecretAccessKey: got nothing; allowed: a secret with backup.remote; run: pulumi config set --secret apprun:backupSecretAccessKey",
    ],
  ])("%j is refused", (values, message) => {
    expect(() => read(values)).toThrow(new RegExp(`^[^\\n]*\\n${message.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`));
  });
});
