import { z } from "zod";
import { PLANS } from "../../model/cloudflare-plans.ts";
import { flag, hostName, oneOf } from "../kit/scalars.ts";

const id = () => z.string({ error: "32 hexadecimal digits" }).regex(/^[0-9a-f]{32}$/, "32 hexadecimal digits");

const zone = z.strictObject({
  name: hostName(),
  id: id().optional().describe("Its id; looked up by name when absent."),
  manage: flag()
    .default(false)
    .describe(
      "Whether this stack sets what the whole zone has once: TLS, firewall, rate, bot and cache rules. One stack of a zone may.",
    ),
});

const TEAM_NAME = 'the first label of your team domain, such as "example" of example.cloudflareaccess.com';

const policy = z.strictObject({
  emailDomains: z
    .array(hostName())
    .default([])
    .describe("Whoever proves a mail address in one of these domains may enter."),
  emails: z.array(z.email({ error: 'a mail address such as "ops@example.com"' })).default([]),
  serviceToken: flag().default(false).describe("Whether a service token for CI is made and may enter."),
  session: z
    .string()
    .regex(/^\d+(m|h)$/, 'a span such as "30m" or "24h"')
    .default("24h"),
});

const backups = z.strictObject({
  bucket: z
    .string({ error: "a bucket's name: 3 to 63 lower-case letters, digits and -" })
    .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "a bucket's name: 3 to 63 lower-case letters, digits and -"),
  location: oneOf("apac", "eeur", "enam", "weur", "wnam", "oc")
    .optional()
    .describe("Where it is; near the first request when absent."),
  expireDays: z
    .never({
      error:
        "nothing: backups and the engine's state write files once and need them for ever, so a bucket that deletes by age loses all of them",
    })
    .optional(),
});

/** Cloudflare in front of the stack. */
export const cloudflare = z
  .strictObject({
    enabled: flag().default(false),
    accountId: id().optional(),
    apiUrl: z
      .url({ error: "a URL" })
      .meta({ examples: ["http://127.0.0.1:8787"] })
      .optional()
      .describe("Another address of the API, such as a test server's."),
    origin: oneOf("tunnel", "proxy")
      .default("tunnel")
      .describe(
        "tunnel: the host opens connections to Cloudflare and no port to the world. proxy: Cloudflare connects to the host, which refuses everybody else.",
      ),
    address: z
      .union([z.ipv4(), z.ipv6(), hostName()], { error: "an address or a host name" })
      .meta({ examples: ["203.0.113.7"] })
      .optional()
      .describe("Where Cloudflare finds the host, or what balances the load before it; with origin proxy."),
    zones: z.array(zone).default([]),
    plan: oneOf(...PLANS)
      .optional()
      .describe(
        "Plan of the zones. `plan` compares the settings with its limits, and what free does not have is left out. When absent, pro is compared with firewall.managedRules, else free.",
      ),
    access: z
      .strictObject({
        team: policy.optional(),
        preview: policy.optional(),
        teamName: z
          .string({ error: TEAM_NAME })
          .regex(/^[a-z0-9][a-z0-9-]*$/, TEAM_NAME)
          .meta({ examples: ["example"] })
          .optional()
          .describe(
            "Your Zero Trust organisation, NAME of NAME.cloudflareaccess.com. With it the tunnel's client checks Access' token of every request for what is not public.",
          ),
      })
      .prefault({})
      .describe("Who may enter what is not public."),
    firewall: z
      .strictObject({
        managedRules: flag()
          .optional()
          .describe(
            "Cloudflare's managed rules, of a paid plan of the zone. When absent true, and false with plan free.",
          ),
        botFightMode: flag().default(true),
      })
      .prefault({}),
    backups: backups.optional().describe("An R2 bucket for backups and state."),
  })
  .prefault({});
