import { z } from "zod";
import { duration, oneOf, pem } from "../kit/scalars.ts";

/** Let's Encrypt's directory for certificates that browsers trust. */
export const ACME_DIRECTORY = "https://acme-v02.api.letsencrypt.org/directory";

const acme = z.strictObject({
  email: z
    .email({ error: 'a mail address such as "ops@example.com"' })
    .describe("Where the authority writes to before a certificate ends."),
  challenge: oneOf("http", "cloudflare-dns")
    .default("http")
    .describe(
      "How the domain is proven: on port 80 of the host, or by a record in a Cloudflare zone, which also gives a wildcard.",
    ),
  directory: z
    .url({ protocol: /^https$/, error: "the https URL of an ACME directory" })
    .default(ACME_DIRECTORY)
    .describe("The authority; Let's Encrypt when absent."),
  ca: pem()
    .optional()
    .describe("Certificate that signed the directory's own, in PEM, for an authority of yours; public ones need none."),
  lifetime: duration()
    .meta({ examples: ["7d"] })
    .optional()
    .describe("For how long the authority's certificates hold, which says when they are renewed; 90d when absent."),
});

/** TLS at the way in. */
export const tls = z
  .strictObject({
    mode: oneOf("off", "local-ca", "own", "acme", "origin", "external")
      .default("off")
      .describe(
        "Where the certificate comes from. With off there is none, and HTTP is plain. With local-ca an authority of the stack's own signs it. With own the secrets tlsCertificate and tlsPrivateKey have it. With acme the proxy orders it. With origin it is a Cloudflare origin certificate, and cloudflare.origin is proxy. With external a proxy or a balancer of yours in front of the stack has it (apprun:front).",
      ),
    acme: acme.optional().describe("Only with mode acme."),
    hsts: duration()
      .optional()
      .describe("Time for which browsers refuse plain HTTP; 365d when absent, and none with local-ca."),
  })
  .prefault({});
