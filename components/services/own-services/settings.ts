import { z } from "zod";
import { RATE_CLASSES } from "../../model/limits.ts";
import { resources } from "../../settings/kit/resources.ts";
import { count, cron, duration, flag, hostName, oneOf, port } from "../../settings/kit/scalars.ts";
import { hiddenPaths } from "../kit/hidden-paths.ts";
import { responseHeaders } from "../kit/headers-settings.ts";
import { filesSettings } from "../kit/files-settings.ts";
import { imageSettings, words } from "../kit/image-settings.ts";
import { migrationSettings } from "../kit/migration.ts";
import { toldSettings } from "../kit/told-settings.ts";
import { databaseSettings } from "./database-settings.ts";
import { REFUSED } from "./refused.ts";
import { volumesSettings } from "./volume-settings.ts";

/** What the names of services, of their volumes and of what they connect to can be. */
export const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Names become parts of names: a replica's container, a volume, a cron job with its runs. */
const LONGEST_NAME = 30;
const NAMES = `names of at most ${LONGEST_NAME} small letters, digits and hyphens such as "pdf-worker"`;
const PATH = 'a path such as "/healthz"';
const LABEL = 'one or more labels below the domain, such as "www" or "eu.shop"';
const CONNECTIONS = 'a list of names such as ["postgres", "cache"]';

const path = () => z.string({ error: PATH }).regex(/^\/[\w./~-]*$/, PATH);

const probe = z
  .strictObject({
    path: path().optional().describe("Answers below 400 while the service works; `/` when absent."),
    ready: path().optional().describe("Answers 200 while a replica takes requests; `path` when absent."),
    command: words('["/app/worker", "health"]')
      .optional()
      .describe("A command of the image that ends with 0 while the service works, in place of a path."),
  })
  .prefault({})
  .describe("How it shows that it works: `up` waits for it. Over HTTP at its port, or a command.");

const route = z
  .strictObject({
    subdomain: z
      .string({ error: LABEL })
      .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/, LABEL)
      .optional()
      .describe("Where it is below the stack's domain; the domain itself when absent."),
    host: hostName().optional().describe("Whole host name, in place of one below the stack's domain."),
    path: path().optional().describe("Path that it is for, with all below it; everything when absent."),
    audience: oneOf("users", "team")
      .default("users")
      .describe("users: whoever may see the app; team: operators, as Grafana."),
    hidden: hiddenPaths().describe(
      "Paths that nobody gets from outside, with all below each; that of its metrics is one already.",
    ),
    ownLogin: flag()
      .default(false)
      .describe(
        "With audience team: whether it asks operators who they are. Where it does not, the proxy of a Docker host does.",
      ),
    headers: responseHeaders(),
    rate: oneOf(...RATE_CLASSES)
      .default("standard")
      .describe("Class of limits.rates that counts its requests."),
  })
  .optional()
  .describe("Where browsers reach it. Nobody does when absent.");

const service = z.strictObject({
  enabled: flag().default(true).describe("false: it does not run, and its volumes and database stay as they are."),
  preset: oneOf("worker", "frontend", "cron")
    .optional()
    .describe(
      "Defaults, and what must be there. worker: of Temporal's workflows, the app's image, a probe by command; frontend: port 3000, a route; cron: a schedule, the app's image.",
    ),
  image: imageSettings("the probe's path").optional().describe("Its image; the app's when absent."),
  command: words('["serve", "--verbose"]')
    .optional()
    .describe("Replaces the image's command; its entrypoint stays. With schedule: the whole command of a run."),
  ...toldSettings("services.NAME", "the service"),
  variablesPreset: oneOf("apprun", "none")
    .default("none")
    .describe("Names of what the platform tells it. apprun: the names of its reference; none: its variables alone."),
  port: port()
    .meta({ examples: [3000] })
    .optional()
    .describe("Where it listens for HTTP; 3000 with the preset frontend."),
  probe,
  metrics: z
    .strictObject({
      path: path().default("/metrics"),
      port: port()
        .meta({ examples: [9100] })
        .optional()
        .describe("Its port when absent."),
    })
    .optional()
    .describe("Metrics in Prometheus' text format; none are scraped when absent."),
  route,
  replicas: count(1, 20).default(1),
  autoscaling: z
    .strictObject({ maxReplicas: count(2, 100).meta({ examples: [4] }), cpuPercent: count(10, 95).default(70) })
    .optional()
    .describe("Adds replicas under load, from replicas on; only with platform kubernetes."),
  balancing: oneOf("round-robin", "least-loaded").default("round-robin"),
  resources: resources("500m", "256Mi", "50m", "64Mi"),
  connectsTo: z
    .array(z.string({ error: CONNECTIONS }).regex(NAME, CONNECTIONS), { error: CONNECTIONS })
    .default([])
    .describe("What it reaches inside of the stack, and waits for: docs/your-services.md lists the names."),
  database: databaseSettings,
  volumes: volumesSettings,
  files: filesSettings(),
  migrate: migrationSettings("the service"),
  egress: flag().default(false).describe("Whether it may open connections to the outside."),
  stopGrace: duration()
    .optional()
    .describe("Time between the stop signal and the kill; 30s when absent, 60s with the preset worker."),
  drain: duration()
    .optional()
    .describe(
      "Time in which it ends what it has begun, shorter than stopGrace; variables name it {service.drain}. 45s with the preset worker.",
    ),
  readyTimeout: duration().default("180s").describe("Time in which a new version must get healthy."),
  schedule: cron()
    .optional()
    .describe("When it runs, in UTC, in place of running all the time: five fields such as 30 2 * * *."),
  ...REFUSED,
});

/** Services of your own. */
export const ownServices = z
  .record(z.string().regex(NAME, NAMES).max(LONGEST_NAME, NAMES), service, {
    error: ({ code }) => (code === "invalid_key" ? NAMES : "a map of services"),
  })
  .default({})
  .describe("Your own services beside the app, by name; docs/your-services.md.");

/** One of them as the settings have it. */
export type OwnServiceSettings = z.output<typeof service>;
