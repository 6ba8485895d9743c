import { z } from "zod";
import { resources } from "./resources.js";
import { bytes, count, hostName, oneOf, port, text } from "../scalars.js";

/** The stack's PostgreSQL server, its own or a managed one. */
export const postgres = z
  .strictObject({
    mode: oneOf("container", "external").default("container"),
    external: z
      .strictObject({
        host: hostName(),
        port: port().default(5432),
        adminUser: text("the name of a role").default("postgres"),
        sslMode: oneOf("require", "verify-ca", "verify-full", "disable").default("require"),
      })
      .optional()
      .describe("A managed PostgreSQL; only with mode external. Its admin password is the secret postgresAdminPassword."),
    maxConnections: count(20, 5000).default(200).describe("Connections to the server; seed 000 gives 200."),
    storage: bytes().default("5Gi"),
    resources: resources("1", "512Mi", "250m", "256Mi"),
  })
  .prefault({});
