import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { bytes, duration, flag, port } from "../../settings/kit/scalars.ts";

/** Logs of every container: Loki, and Grafana Alloy, which brings them there. */
export const logs = z
  .strictObject({
    enabled: flag().default(false),
    retention: duration().default("168h").describe("Time after which a line is forgotten, at least 24h."),
    storage: bytes()
      .default("5Gi")
      .describe("Size of the volume; only the retention bounds what is on it, so an alert compares the two."),
    port: port()
      .optional()
      .describe(
        "UDP port of a Docker host's loopback to which the engine sends lines; the number of the operators' port when absent. Refused on Kubernetes.",
      ),
    resources: resources("1", "512Mi", "100m", "128Mi"),
    collectorResources: resources("500m", "256Mi", "50m", "64Mi"),
  })
  .prefault({});
