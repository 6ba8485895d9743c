import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { count, duration } from "../../settings/kit/scalars.ts";

/** Identities and sessions. */
export const kratos = z
  .strictObject({
    mailFrom: z
      .email({ error: 'a mail address such as "noreply@example.com"' })
      .optional()
      .describe("Sender of mails; the secret smtpUri says how they are sent."),
    replicas: count(1, 20).default(1),
    sessionLifespan: duration().default("24h"),
    resources: resources("500m", "256Mi", "100m", "128Mi"),
  })
  .prefault({});
