import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { bytes, duration, flag } from "../../settings/kit/scalars.ts";

/** Metrics. */
export const prometheus = z
  .strictObject({
    enabled: flag().default(true),
    retention: duration().default("30d"),
    storage: bytes().default("5Gi"),
    scrapeInterval: duration().default("15s"),
    resources: resources("500m", "512Mi", "100m", "256Mi"),
  })
  .prefault({});
