import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { bytes, flag } from "../../settings/kit/scalars.ts";

/** Events that outlive a restart: NATS with JetStream. */
export const nats = z
  .strictObject({
    enabled: flag().default(false),
    storage: bytes().default("2Gi").describe("Size of the volume; streams may fill nine tenths of it."),
    resources: resources("500m", "256Mi", "50m", "64Mi"),
  })
  .prefault({});
