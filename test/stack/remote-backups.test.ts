import { secret } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import type { RecordedContainer } from "../../components/platform/docker/container-args.ts";
import { CA_CERTIFICATE } from "../support/fakes/certificate.ts";
import { fromDocker } from "../support/record/parity.ts";
import { inputsOf, stackOf } from "../support/record/stacks.ts";

it("A remote repository's own authority reaches restic", async () => {
  const remote = { endpoint: "https://s3.example.com", bucket: "backups", ca: CA_CERTIFICATE };
  const keys = { backupAccessKeyId: secret("a"), backupSecretAccessKey: secret("b") };
  const recording = await stackOf({ backup: { enabled: true, remote } }, "dev", keys);
  const { env, files } = fromDocker(
    inputsOf<RecordedContainer>(recording, "docker:index/container:Container", "backup"),
    "apprun-dev-",
  );
  const path = env.find((line) => line.startsWith("RESTIC_CACERT="))?.split("=")[1] ?? "";
  expect(files[path]).toBe(CA_CERTIFICATE);
});

it.each([
  [{}, "s3:https://s3.example.com/backups/apprun/dev", undefined],
  [
    { prefix: "hosts/one", region: "eu-central-1" },
    "s3:https://s3.example.com/backups/hosts/one/apprun/dev",
    "AWS_DEFAULT_REGION=eu-central-1",
  ],
])("A remote repository with %j is at %s", async (more, address, region) => {
  const remote = { endpoint: "https://s3.example.com", bucket: "backups", ...more };
  const keys = { backupAccessKeyId: secret("a"), backupSecretAccessKey: secret("b") };
  const recording = await stackOf({ backup: { enabled: true, remote } }, "dev", keys);
  const { env } = fromDocker(
    inputsOf<RecordedContainer>(recording, "docker:index/container:Container", "backup"),
    "apprun-dev-",
  );
  expect(env).toContain(`BACKUP_REMOTE=${address}`);
  expect(env.find((line) => line.startsWith("AWS_DEFAULT_REGION="))).toBe(region);
});
