import { z } from "zod";
import { text } from "../kit/scalars.ts";
import { secretNamed } from "../kit/secret-named.ts";

const HOST = 'hosts of registries such as "ghcr.io" or "registry.example.com:5000"';
const MIRROR = 'a registry and path such as "harbor.example.com/dockerhub", without scheme or trailing slash';

const registry = z.strictObject({
  username: text("a user name")
    .meta({ examples: ["robot"] })
    .optional()
    .describe("Who pulls; nobody logs in when absent."),
  password: secretNamed({}).optional().describe("The secret of apprun:secrets that logs in."),
  mirror: z
    .string({ error: MIRROR })
    .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/, MIRROR)
    .optional()
    .describe("Where the catalogue's images of this host are pulled from instead, their path below it."),
});

/** Registries by host: who logs in there, and what stands in for them. */
export const registries = z
  .record(z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$/, HOST), registry, {
    error: ({ code }) => (code === "invalid_key" ? HOST : "a map of registries"),
  })
  .default({})
  .describe("Registries by host: a login to pull with, and a mirror; docs/your-app.md.");
