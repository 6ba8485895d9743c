import { z } from "zod";
import { IMAGE_NAMES } from "../model/images.js";
import type { Bytes, Cpu } from "../model/units.js";
import { bytes, count, cpu, duration, flag, hostName, oneOf, port, text } from "./scalars.js";

/** Requests and limits of one service, with the given defaults. */
const resources = (limitCpu: Cpu, limitMemory: Bytes, requestCpu: Cpu, requestMemory: Bytes) =>
  z
    .strictObject({
      requests: z.strictObject({ cpu: cpu().default(requestCpu), memory: bytes().default(requestMemory) }).prefault({}),
      limits: z.strictObject({ cpu: cpu().default(limitCpu), memory: bytes().default(limitMemory) }).prefault({}),
    })
    .prefault({});

const pin = z.strictObject({
  tag: text('a version tag such as "17-alpine"').optional(),
  digest: z
    .string({ error: "sha256: and 64 hexadecimal digits" })
    .regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hexadecimal digits")
    .optional(),
});

const images = z
  .strictObject({
    registry: z
      .string({ error: 'a registry and path such as "mirror.example.com/hub"' })
      .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/, 'a registry and path such as "mirror.example.com/hub", without scheme or trailing slash')
      .optional()
      .describe("A mirror that replaces the registry of every image."),
    pins: z
      .strictObject(Object.fromEntries(IMAGE_NAMES.map((name) => [name, pin.optional()])) as Record<(typeof IMAGE_NAMES)[number], z.ZodOptional<typeof pin>>)
      .prefault({}),
  })
  .prefault({})
  .describe("Where images come from and which versions run.");

const docker = z
  .strictObject({
    host: z
      .string({ error: "unix://, ssh:// or tcp:// and an address" })
      .regex(/^(unix|ssh|tcp):\/\/\S+$/, "unix://, ssh:// or tcp:// and an address")
      .default("unix:///var/run/docker.sock")
      .describe("The Docker Engine that the stack runs on."),
  })
  .prefault({});

const host = z
  .strictObject({ cpu: cpu().default("2"), memory: bytes().default("4Gi"), disk: bytes().default("20Gi") })
  .prefault({})
  .describe("Size of the Docker host; the limits of all services must fit into it. Defaults: the seeds' minimum.");

const proxy = z
  .strictObject({
    bind: oneOf("loopback", "public").default("loopback").describe("Whether the proxy listens on the host's loopback or on every address."),
    port: port().optional().describe("HTTP port on the host; derived from the stack's name when absent."),
    teamPort: port().optional().describe("Loopback port for operators' pages when the proxy is public."),
    resources: resources("500m", "128Mi", "50m", "64Mi"),
  })
  .prefault({});

const app = z
  .strictObject({
    replicas: count(1, 20).default(1),
    balancing: oneOf("round-robin", "least-loaded").default("round-robin"),
    logLevel: oneOf("debug", "info", "warn", "error").default("info"),
    storage: bytes().default("5Gi").describe("Size of the volume for local file storage."),
    dbMaxConnections: count(1, 1000).default(100),
    redisMaxIdle: count(1, 1000).default(10),
    config: z.record(z.string(), z.unknown(), { error: "a map of settings" }).default({}).describe("Content of /app/config/default.yaml."),
    readyTimeout: duration().default("120s").describe("Time in which a new version must get healthy."),
    resources: resources("1", "512Mi", "250m", "256Mi"),
  })
  .prefault({});

const postgres = z
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

const cache = z
  .strictObject({
    engine: oneOf("valkey", "redis").default("valkey"),
    maxMemory: bytes().default("512Mi").describe("Memory for data; above it the policy decides."),
    policy: oneOf("allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-ttl", "noeviction").default("allkeys-lru"),
    storage: bytes().default("2Gi"),
    resources: resources("500m", "768Mi", "100m", "256Mi"),
  })
  .prefault({});

const kratos = z
  .strictObject({
    mailFrom: z
      .email({ error: 'a mail address such as "noreply@example.com"' })
      .optional()
      .describe("Sender of mails; the secret smtpUri says how they are sent."),
    sessionLifespan: duration().default("24h"),
    resources: resources("500m", "256Mi", "100m", "128Mi"),
  })
  .prefault({});

const temporal = z
  .strictObject({
    enabled: flag().default(true),
    namespace: z
      .string({ error: "letters, digits, - and _" })
      .regex(/^[a-zA-Z0-9_-]+$/, "letters, digits, - and _")
      .default("apprun"),
    retention: duration().default("72h").describe("How long closed workflows are kept."),
    historyShards: count(1, 16_384).default(4).describe("Fixed at the first start; a change needs a new database."),
    ui: flag().default(true),
    resources: resources("1", "512Mi", "200m", "256Mi"),
    uiResources: resources("250m", "128Mi", "20m", "32Mi").describe("Requests and limits of the web pages."),
  })
  .prefault({});

const prometheus = z
  .strictObject({
    enabled: flag().default(true),
    retention: duration().default("30d"),
    storage: bytes().default("5Gi"),
    scrapeInterval: duration().default("15s"),
    resources: resources("500m", "512Mi", "100m", "256Mi"),
  })
  .prefault({});

const grafana = z
  .strictObject({ enabled: flag().default(true), storage: bytes().default("1Gi"), resources: resources("500m", "256Mi", "50m", "128Mi") })
  .prefault({});

/**
 * Every plain setting of a stack, by its key below `apprun:`. The defaults fit
 * the smallest host of seed 000; larger figures stand in the stack files.
 */
export const settingsSchema = z.strictObject({
  domain: hostName().optional().describe("Domain of the stack; <stack>.localhost when absent."),
  docker,
  host,
  images,
  proxy,
  volumes: z.strictObject({ protect: flag().optional().describe("Whether data volumes refuse to be deleted; true but for PR stacks.") }).prefault({}),
  app,
  postgres,
  cache,
  kratos,
  temporal,
  prometheus,
  grafana,
});

/** A stack's settings as written, with every default filled in. */
export type ParsedSettings = z.output<typeof settingsSchema>;

/** Settings that are secrets: read as Outputs, never through the schema. */
export const SECRET_KEYS = {
  smtpUri: "SMTP connection of Kratos, such as smtps://user:password@mail.example.com:465",
  postgresAdminPassword: "Password of postgres.external.adminUser",
} as const;
export type SecretKey = keyof typeof SECRET_KEYS;
