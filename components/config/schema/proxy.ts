import { z } from "zod";
import { resources } from "./resources.js";
import { oneOf, port } from "../scalars.js";

/** The way in on a Docker host. */
export const proxy = z
  .strictObject({
    bind: oneOf("loopback", "public").default("loopback").describe("Whether the proxy listens on the host's loopback or on every address."),
    port: port().optional().describe("HTTP port on the host; derived from the stack's name when absent."),
    teamPort: port().optional().describe("Loopback port for operators' pages when the proxy is public."),
    resources: resources("500m", "128Mi", "50m", "64Mi"),
  })
  .prefault({});
