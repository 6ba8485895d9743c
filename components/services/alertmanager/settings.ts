import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { bytes, duration, flag, text } from "../../settings/kit/scalars.ts";

const address = () => z.email({ error: 'a mail address such as "operators@example.com"' });

/** Who hears of alerts, and how soon. */
export const alerting = z
  .strictObject({
    enabled: flag().default(true).describe("Whether Alertmanager runs; only with Prometheus."),
    runbooks: text("a directory or a URL")
      .default("docs/runbooks")
      .describe("Where the runbooks are read, as a directory or a URL; every alert links to <runbooks>/<alert>.md."),
    email: z
      .strictObject({
        to: address(),
        from: address(),
        smarthost: z
          .string({ error: '"host:port" of a mail server' })
          .regex(/^[a-zA-Z0-9.-]+:\d+$/, '"host:port" of a mail server'),
        username: text("the name to log in with").optional(),
        requireTls: flag().default(true),
      })
      .optional()
      .describe("Alerts by mail; the password is the secret alertEmailPassword."),
    groupWait: duration()
      .default("30s")
      .describe("Time in which alerts that belong together are gathered into one message."),
    groupInterval: duration()
      .default("5m")
      .describe("Time until a message about a change in the same group, such as its end."),
    repeatInterval: duration()
      .default("4h")
      .describe("Time until a critical alert that goes on is sent again; warnings after 24 h."),
    storage: bytes().default("100Mi"),
    resources: resources("200m", "64Mi", "10m", "32Mi"),
  })
  .prefault({});
