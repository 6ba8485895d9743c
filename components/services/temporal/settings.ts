import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { count, duration, flag } from "../../settings/kit/scalars.ts";

/** Workflows. */
export const temporal = z
  .strictObject({
    enabled: flag().default(true),
    namespace: z
      .string({ error: "letters, digits, - and _" })
      .regex(/^[a-zA-Z0-9_-]+$/, "letters, digits, - and _")
      .default("apprun"),
    retention: duration().default("72h").describe("How long closed workflows are kept."),
    historyShards: count(1, 16_384)
      .optional()
      .describe(
        "Fixed at the first start: `up` refuses another one then. 512 in a new prod, 4 elsewhere, when absent.",
      ),
    ui: flag().default(true),
    resources: resources("1", "512Mi", "200m", "256Mi"),
    uiResources: resources("250m", "128Mi", "20m", "32Mi").describe("Requests and limits of the web pages."),
  })
  .prefault({});
