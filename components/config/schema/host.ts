import { z } from "zod";
import { bytes, cpu } from "../scalars.js";

/** Size of the Docker host. */
export const host = z
  .strictObject({ cpu: cpu().default("2"), memory: bytes().default("4Gi"), disk: bytes().default("20Gi") })
  .prefault({})
  .describe("Size of the Docker host; the limits of all services must fit into it. Defaults: the seeds' minimum.");
