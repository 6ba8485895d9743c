import { z } from "zod";
import { resources } from "../kit/resources.ts";
import { flag, oneOf, port } from "../kit/scalars.ts";

/** The way in on a Docker host. */
export const proxy = z
  .strictObject({
    bind: oneOf("loopback", "public")
      .default("loopback")
      .describe(
        "Whether the proxy listens on the host's loopback or on every address; of IPv4 alone without proxy.ipv6.",
      ),
    ipv6: flag()
      .default(false)
      .describe(
        "Whether the proxy of a Docker host listens on IPv6 too. It gets a network with addresses of IPv6, and a rate counts clients by the first 64 bits. It needs Docker Engine 28.",
      ),
    port: port().optional().describe("HTTP port on the host; derived from the stack's name when absent."),
    tlsPort: port()
      .meta({ examples: [8443] })
      .optional()
      .describe("HTTPS port on the host, where tls.mode is not off; derived from the stack's name when absent."),
    audience: oneOf("public", "preview")
      .optional()
      .describe(
        "Whom the app and the login are for; preview in PR stacks on a Docker host, else public. What is not public needs Cloudflare Access to be reached from outside.",
      ),
    teamPort: port()
      .meta({ examples: [18000] })
      .optional()
      .describe("Loopback port for all that is not public when the proxy is public."),
    resources: resources("500m", "128Mi", "50m", "64Mi"),
  })
  .prefault({});
