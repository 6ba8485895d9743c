import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { bytes, flag, hostName, oneOf, pem, port } from "../../settings/kit/scalars.ts";

/** Cache and event store. */
export const cache = z
  .strictObject({
    mode: oneOf("container", "external").default("container").describe("A server of the stack's own or a managed one."),
    external: z
      .strictObject({
        host: hostName(),
        port: port().default(6379),
        tls: flag().default(true).describe("Whether connections are encrypted."),
        ca: pem().optional().describe("Certificate that signed the server's, in PEM; public authorities need none."),
        username: z
          .string({ error: "the name of a user" })
          .regex(/^[\w.-]+$/, "the name of a user: letters, digits, dots, hyphens and underscores")
          .meta({ examples: ["apprun"] })
          .optional()
          .describe("The user default when absent."),
      })
      .optional()
      .describe(
        "A managed Redis or Valkey of version 7 or newer; only with mode external. Its password is the secret cachePassword.",
      ),
    engine: oneOf("valkey", "redis")
      .default("valkey")
      .describe("The server, or with mode external whose tool asks it."),
    maxMemory: bytes().default("512Mi").describe("Memory for data; above it the policy decides."),
    policy: oneOf("allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-ttl", "noeviction")
      .default("allkeys-lru")
      .describe("What is dropped when it is full; a managed server that does otherwise is warned of."),
    storage: bytes().default("2Gi"),
    resources: resources("500m", "768Mi", "100m", "256Mi"),
  })
  .prefault({});
