import { z } from "zod";
import { bytes, cpu } from "../kit/scalars.ts";

/** Size of the Docker host. */
export const host = z
  .strictObject({ cpu: cpu().prefault("4"), memory: bytes().default("8Gi"), disk: bytes().default("100Gi") })
  .prefault({})
  .describe("Size of the Docker host; the limits of all services must fit into it. Defaults: what apprun recommends.");
