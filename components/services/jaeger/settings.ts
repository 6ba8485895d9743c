import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { bytes, duration, flag } from "../../settings/kit/scalars.ts";

const percent = () => {
  const allowed = "a percentage from 0 to 100";
  return z.number({ error: allowed }).min(0, allowed).max(100, allowed);
};

/** Traces of requests: Jaeger, which takes OTLP. */
export const tracing = z
  .strictObject({
    enabled: flag().default(false),
    sampling: percent()
      .default(10)
      .describe("Percentage of requests that are traced; one that arrives with a decision keeps it."),
    retention: duration().default("72h").describe("Time after which a trace is forgotten."),
    storage: bytes()
      .default("5Gi")
      .describe("Size of the volume; only the retention bounds what is on it, so an alert compares the two."),
    // Its store keeps up to 256 MiB of blocks and five tables of 64 MiB in memory, and has no setting for them.
    resources: resources("500m", "1Gi", "50m", "128Mi"),
  })
  .prefault({});
