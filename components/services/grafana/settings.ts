import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { bytes, flag } from "../../settings/kit/scalars.ts";

/** Dashboards. */
export const grafana = z
  .strictObject({
    enabled: flag().default(true),
    appDatabase: flag()
      .default(false)
      .describe("Whether Grafana reads the tables of the app's database, through a role that can do no more."),
    storage: bytes().default("1Gi"),
    resources: resources("500m", "256Mi", "50m", "128Mi"),
  })
  .prefault({});
