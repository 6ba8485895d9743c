import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { bytes, duration } from "../../settings/kit/scalars.ts";
import { bucketName } from "../app/storage-settings.ts";

/** Object storage of the stack's own: SeaweedFS. */
export const seaweedfs = z
  .strictObject({
    bucket: bucketName().default("apprun-storage").describe("The app's bucket. Another name is another, empty bucket."),
    storage: bytes()
      .default("10Gi")
      .describe("Size of the volume; objects with their older versions may fill nine tenths of it."),
    copyEvery: duration()
      .default("5m")
      .describe("Time between two copies of the bucket, of which backup sets are taken; with backup.enabled."),
    resources: resources("1", "512Mi", "50m", "192Mi"),
  })
  .prefault({})
  .describe("Object storage of the stack's own, with storage.mode local-s3.");
