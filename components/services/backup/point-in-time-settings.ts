import { z } from "zod";
import { bytes, cron, duration, flag } from "../../settings/kit/scalars.ts";

/** Base backups and archived write-ahead log beside the sets. */
export const pointInTime = z
  .strictObject({
    enabled: flag()
      .default(false)
      .describe(
        "Whether every moment between two sets can be brought back too; only with postgres.mode container and platform docker.",
      ),
    archiveTimeout: duration()
      .default("60s")
      .describe(
        "PostgreSQL's archive_timeout: a segment of the write-ahead log is archived after this time at the latest, full or not.",
      ),
    upload: cron()
      .default("*/15 * * * *")
      .describe(
        "When the archived log is put into the repositories, as a cron expression in UTC: what a lost host costs.",
      ),
    storage: bytes()
      .default("1Gi")
      .describe("Size of the volume for the log that the newest base backup needs; segments are compressed."),
  })
  .prefault({})
  .describe("Base backups and archived write-ahead log beside the sets: the databases come back as of any second.");
