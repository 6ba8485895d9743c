import { z } from "zod";
import { flag, oneOf, pem, text } from "../../settings/kit/scalars.ts";

const BUCKET = 'a bucket such as "apprun-storage"';

/** A name that every S3 service takes. */
export const bucketName = () => text(BUCKET).regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, BUCKET);

/** Files of the app's users. */
export const storage = z
  .strictObject({
    mode: oneOf("local", "s3", "local-s3")
      .default("local")
      .describe("A volume of app.storage, a bucket of an S3 service, or a bucket inside of the stack (seaweedfs)."),
    s3: z
      .strictObject({
        endpoint: z
          .string({ error: "the URL of an S3 service" })
          .regex(
            /^https?:\/\/[a-z0-9.-]+(:\d+)?$/,
            'the URL of an S3 service without a path, such as "https://<account>.r2.cloudflarestorage.com"',
          )
          .meta({ examples: ["https://0123456789abcdef.r2.cloudflarestorage.com"] })
          .optional()
          .describe("AWS when absent."),
        region: text('a region such as "eu-central-1"')
          .regex(/^[a-z0-9-]+$/, 'a region such as "eu-central-1"')
          .default("us-east-1")
          .describe("auto for R2."),
        bucket: bucketName(),
        ca: pem().optional().describe("Certificate that signed the server's, in PEM; public authorities need none."),
        pathStyle: flag()
          .optional()
          .describe(
            "Whether the bucket stands in the path and not in the host name; true with an endpoint of your own.",
          ),
      })
      .optional()
      .describe("Only with mode s3. The secrets storageAccessKeyId and storageSecretAccessKey open it."),
  })
  .prefault({});
