import { z } from "zod";
import { pointInTime } from "./point-in-time-settings.ts";
import { resources } from "../../settings/kit/resources.ts";
import { bytes, count, cron, flag, pem, text } from "../../settings/kit/scalars.ts";

/** How many sets a repository keeps. */
const retention = (days: number, sets: number, size: "1Gi" | "50Gi") => ({
  days: count(0, 3650).default(days).describe("Sets of so many days stay."),
  sets: count(1, 1000).default(sets).describe("So many of the newest sets stay, however old."),
  weekly: count(0, 1000).default(0).describe("The newest set of each of so many weeks stays."),
  monthly: count(0, 1000).default(0).describe("The newest set of each of so many months stays."),
  yearly: count(0, 1000).default(0).describe("The newest set of each of so many years stays."),
  size: bytes()
    .default(size)
    .describe(
      "Above this size of the repository an alert tells. No set goes for it: days, sets and the others say which stay.",
    ),
});

/** Backups: what runs when, what is kept where. */
export const backup = z
  .strictObject({
    enabled: flag().optional().describe("Whether backups are taken; true except for PR stacks."),
    schedule: cron().default("30 2 * * *").describe("When a backup is taken, as a cron expression in UTC."),
    drill: cron()
      .default("0 4 * * 0")
      .describe("When the newest set is restored into a throw-away server and compared, as a cron expression in UTC."),
    storage: bytes()
      .default("1.5Gi")
      .describe("Size of the volume for the local repository and for dumps while they are written."),
    local: z
      .strictObject(retention(7, 7, "1Gi"))
      .prefault({})
      .describe("What the local repository keeps."),
    remote: z
      .strictObject({
        endpoint: text('the URL of an S3 service such as "https://<account>.r2.cloudflarestorage.com"').regex(
          /^https?:\/\/[^\s/]+$/,
          'the URL of an S3 service such as "https://<account>.r2.cloudflarestorage.com", without a path; SFTP is none: it would need a login on that host',
        ),
        bucket: text('a bucket in lower case such as "backups"').regex(
          /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
          'a bucket in lower case such as "backups"',
        ),
        region: text('a region such as "eu-central-1"')
          .regex(/^[a-z0-9-]+$/, 'a region such as "eu-central-1"')
          .optional()
          .describe("Region of the bucket, where the service has several and does not tell."),
        prefix: text('a path in the bucket such as "hosts/one"')
          .regex(/^[a-zA-Z0-9._-]+(\/[a-zA-Z0-9._-]+)*$/, 'a path in the bucket such as "hosts/one"')
          .optional()
          .describe("Path in the bucket below which the stack's sets are. Another one is another repository."),
        ca: pem().optional().describe("Certificate that signed the server's, in PEM; public authorities need none."),
        state: flag()
          .default(true)
          .describe(
            "Whether each up puts the engine's state and the stack's file there too, encrypted with the passphrase: with them a bare host comes back.",
          ),
        ...retention(30, 30, "50Gi"),
      })
      .optional()
      .describe(
        "A copy of every set in S3 or R2, below the stack's name. Needs the secrets backupAccessKeyId and backupSecretAccessKey.",
      ),
    pointInTime,
    resources: resources("1", "384Mi", "50m", "64Mi"),
  })
  .prefault({})
  .describe("Backups: what runs when, what is kept where.");
