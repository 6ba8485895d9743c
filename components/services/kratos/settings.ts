import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { count, duration, oneOf } from "../../settings/kit/scalars.ts";

/** Identities and sessions. */
export const kratos = z
  .strictObject({
    mailFrom: z
      .email({ error: 'a mail address such as "noreply@example.com"' })
      .optional()
      .describe("Sender of mails; the secret smtpUri says how they are sent."),
    replicas: count(1, 20).default(1),
    sessionLifespan: duration().default("24h"),
    sessionCookie: oneOf("login", "domain")
      .default("login")
      .describe(
        "Which hosts get the session's cookie from browsers. login: the login's alone; domain: the stack's domain and all below it, so that the app and its API see the session.",
      ),
    resources: resources("500m", "256Mi", "100m", "128Mi"),
  })
  .prefault({});
