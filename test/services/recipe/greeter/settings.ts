import { z } from "zod";
import { resources } from "../../../../components/settings/kit/resources.ts";
import { count, flag } from "../../../../components/settings/kit/scalars.ts";

/** A fictitious service that says hello. */
export const greeter = z
  .strictObject({
    enabled: flag().default(false),
    replicas: count(1, 10).default(1),
    resources: resources("200m", "64Mi", "20m", "32Mi"),
  })
  .prefault({});
