import { secret } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { Bucket } from "../../../cli/backup/bucket/bucket.ts";
import { bucketFindings } from "../../../cli/doctor/bucket.ts";
import type { Project } from "../../../cli/kit/project.ts";
import { settingsOf } from "../../support/record/stacks.ts";

const REMOTE = { endpoint: "https://s3.example.com", bucket: "backups" };
const COPY = "apprun/dev-state/2026-11-27T22:30:00.000Z.age";

const found = async (remote: object | undefined, { keys = [COPY], versions = true, fails = "" } = {}) => {
  const secrets = { backupAccessKeyId: secret("id"), backupSecretAccessKey: secret("key") };
  const settings = settingsOf({ backup: { enabled: true, remote } }, "dev", remote && secrets);
  const bucket = {
    list: (prefix: string) => Promise.resolve(keys.filter((key) => key.startsWith(prefix))),
    keepsOldVersions: () => (fails === "" ? Promise.resolve(versions) : Promise.reject(new Error(fails))),
  } as unknown as Bucket;
  const findings = await bucketFindings({ settings } as Project, () => Promise.resolve(bucket));
  return findings.map(({ severity, message }) => `${severity}: ${message}`);
};

describe("the bucket of the remote repository", () => {
  it("is as it should be with a copy of the state and old versions", async () => {
    expect(await found(REMOTE)).toEqual([]);
    expect(await found(undefined)).toEqual([]);
  });

  it("is a finding without a copy, unless the settings say so", async () => {
    const missing = ["warning: bucket backups has no copy of the engine's state, which a bare host needs"];
    expect(await found(REMOTE, { keys: ["apprun/dev/config"] })).toEqual(missing);
    expect(await found({ ...REMOTE, state: false }, { keys: [] })).toEqual([]);
  });

  it("is a finding without old versions, and where it cannot be asked", async () => {
    expect(await found(REMOTE, { versions: false })).toEqual([
      expect.stringMatching(/^warning: bucket backups keeps no old versions: /),
    ]);
    expect(await found(REMOTE, { fails: "no way" })).toEqual([
      "warning: the bucket of backup.remote cannot be looked at: no way",
    ]);
  });
});
