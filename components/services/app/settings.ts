import { z } from "zod";
import { resources } from "../../settings/kit/resources.ts";
import { bytes, count, duration, flag, hostName, oneOf, port } from "../../settings/kit/scalars.ts";
import { responseHeaders } from "../kit/headers-settings.ts";
import { filesSettings } from "../kit/files-settings.ts";
import { imageSettings, words } from "../kit/image-settings.ts";
import { migrationSettings } from "../kit/migration.ts";
import { toldSettings } from "../kit/told-settings.ts";
import { createAdminSettings } from "./create-admin.ts";
import { appPaths } from "./paths-settings.ts";

const HOSTS = 'a list of host names such as ["www.example.com"]';

/** The platform's app. */
export const app = z
  .strictObject({
    image: imageSettings("app.paths.health")
      .optional()
      .describe("Your own image in place of the catalogue's; docs/your-app.md."),
    port: port().default(8080).describe("Where it listens: pages, API and WebSockets."),
    paths: appPaths,
    contractMetrics: flag()
      .default(true)
      .describe(
        "Whether its metrics have the names that apprun promises (docs/observability.md). false: only whether it answers is watched, and its memory.",
      ),
    command: words('["serve", "--verbose"]').optional().describe("Replaces the image's command; its entrypoint stays."),
    ...toldSettings("app", "the app"),
    variablesPreset: oneOf("apprun", "public", "none")
      .default("apprun")
      .describe(
        "Names of what the platform tells the app. apprun: the names of its reference; public: those of the public image, ghcr.io/websoft9/apprun; none: app.variables alone.",
      ),
    hosts: z
      .array(hostName(), { error: HOSTS })
      .default([])
      .describe("Further host names that it answers at, as at the stack's domain."),
    redirects: z
      .array(hostName(), { error: HOSTS })
      .default([])
      .describe("Host names from which browsers are sent to the stack's domain, such as www.example.com."),
    headers: responseHeaders(),
    files: filesSettings(),
    migrate: migrationSettings("the app"),
    createAdmin: createAdminSettings,
    replicas: count(1, 20).default(1),
    autoscaling: z
      .strictObject({
        maxReplicas: count(2, 100),
        cpuPercent: count(10, 95)
          .default(70)
          .describe("Average use of the requested CPU above which a replica is added."),
      })
      .optional()
      .describe("Adds replicas under load, from app.replicas on; only with platform kubernetes."),
    balancing: oneOf("round-robin", "least-loaded").default("round-robin"),
    logLevel: oneOf("debug", "info", "warn", "error").default("info"),
    storage: bytes().default("5Gi").describe("Size of the volume for local file storage."),
    dbMaxConnections: count(1, 1000)
      .default(100)
      .describe(
        "Connections to PostgreSQL, or to PgBouncer with pgbouncer.enabled, of all replicas together, of which each gets an equal part.",
      ),
    dbStatementTimeout: duration()
      .default("60s")
      .describe("Time after which PostgreSQL ends a statement of the app; a migration may SET its own."),
    dbIdleTransactionTimeout: duration()
      .default("60s")
      .describe("Time for which a transaction of the app may stay open without a statement."),
    redisMaxIdle: count(1, 1000).default(10),
    config: z
      .record(z.string(), z.unknown(), { error: "a map of settings" })
      .default({})
      .describe("Content of /app/config/default.yaml."),
    readyTimeout: duration().default("120s").describe("Time in which a new version must get healthy."),
    resources: resources("1", "512Mi", "250m", "256Mi"),
  })
  .prefault({});
