import { z } from "zod";
import { EXPORTER_FLAGS } from "../../services/catalogue.ts";
import { resources } from "../../settings/kit/resources.ts";

/** Metrics of what has none of its own; only with Prometheus. */
export const exporters = z
  .strictObject({ ...EXPORTER_FLAGS, resources: resources("200m", "48Mi", "10m", "16Mi").describe("Requests and limits of each exporter.") })
  .prefault({});
