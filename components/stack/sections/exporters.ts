import { z } from "zod";
import { merged } from "../../services/catalogue.ts";
import type { Service } from "../../services/service.ts";
import { resources } from "../../settings/kit/resources.ts";

/** Metrics of what has none of its own; only with Prometheus. */
export const exportersSection = (services?: readonly Service[]) =>
  z
    .strictObject({
      ...merged("exporters", services),
      resources: resources("200m", "48Mi", "10m", "16Mi").describe("Requests and limits of each exporter."),
    })
    .prefault({});
