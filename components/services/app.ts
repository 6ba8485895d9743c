import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Image } from "../model/images.js";
import type { Bytes, Duration } from "../model/units.js";
import type { Autoscaling, ConfigFile, Endpoint, Mount, Ready, Resources, SecretFile, Volume, WorkloadSpec } from "../model/workload.js";
import { appObservability, type AppObjectives } from "./app-observability.js";
import { databaseAccess, databaseUrl, type Database } from "./database.js";
import type { SpanEndpoints } from "./jaeger.js";
import { dataKey, generatedSecret } from "./secrets.js";
import type { ServiceArgs } from "./service-args.js";

export interface AppArgs extends ServiceArgs {
  readonly database: Database;
  readonly cache: { readonly endpoint: Endpoint; readonly url: Output<string>; readonly ready: Ready };
  /** @default - the app runs without events */
  readonly nats?: { readonly endpoint: Endpoint; readonly url: Output<string>; readonly ready: Ready } | undefined;
  readonly kratos: { readonly public: Endpoint; readonly admin: Endpoint; readonly ready: Ready };
  /** @default - the app runs without workflows */
  readonly temporal?: { readonly frontend: Endpoint; readonly ready: Ready } | undefined;
  /** Where spans go, the part of requests that is traced, and the stack that they name. @default - nothing is traced */
  readonly tracing?: { readonly spans: SpanEndpoints; readonly sampling: number; readonly stack: string } | undefined;
  readonly replicas: number;
  /** @default - the number of replicas is fixed */
  readonly autoscaling?: Autoscaling | undefined;
  readonly logLevel: string;
  readonly storage: Bytes;
  readonly dbMaxConnections: number;
  readonly redisMaxIdle: number;
  /** Content of the app's own configuration file. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly readyTimeout: Duration;
  readonly objectives: AppObjectives;
  /** What the app encrypts with. @default - a generated key */
  readonly encryptionKey?: Output<string> | undefined;
}

/** The platform's app: stateless replicas over a shared storage volume. */
export class App extends ComponentResource {
  readonly http: Endpoint<"app">;
  readonly ready: Ready;
  /** Its plain configuration files. */
  readonly configuration: readonly ConfigFile[];
  /** Files of the app's users. */
  readonly storage: Volume;
  /** What the app encrypts with. */
  readonly encryptionKey: Output<string>;

  constructor(name: string, args: AppArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:App", name, {}, opts);
    const secret = { protect: args.protectData, parent: this };
    this.encryptionKey = dataKey(`${name}-encryption-key`, args.encryptionKey, secret);
    this.storage = args.platform.volume(`${name}-storage`, { size: args.storage, retention: "data", shared: true }, { parent: this });
    const workload = args.platform.workload(
      name,
      appWorkload({
        ...args,
        image: args.image("apprun"),
        jwtSecret: generatedSecret(`${name}-jwt`, secret),
        encryptionKey: this.encryptionKey,
        storage: { volume: this.storage, path: STORAGE_PATH },
      }),
      { parent: this },
    );
    this.http = workload.endpoint("http");
    this.ready = workload.ready;
    this.configuration = workload.spec.files ?? [];
    this.registerOutputs({});
  }
}

/** Path that answers 200 when a replica can take requests. */
export const HEALTH_PATH = "/health";

/** The port of its API and pages. */
export const APP_PORT = 8080;

const STORAGE_PATH = "/data/storage";
const SECRETS = "/run/secrets";

export interface AppWorkloadArgs extends Omit<AppArgs, "platform" | "image" | "protectData" | "storage" | "encryptionKey"> {
  readonly image: Image;
  readonly jwtSecret: Output<string>;
  readonly encryptionKey: Output<string>;
  readonly storage: Mount;
  readonly resources: Resources;
}

export function appWorkload(args: AppWorkloadArgs): WorkloadSpec<"app"> {
  const { database, cache, nats, kratos, temporal, tracing, image } = args;
  const secrets = secretFiles(args);
  const access = databaseAccess(database);
  return {
    tier: "app",
    zone: "backend",
    image,
    env: { ...environment(args), ...Object.fromEntries(Object.entries(secrets).map(([key, { path }]) => [`${key}_FILE`, path])) },
    files: [{ path: "/app/config/default.yaml", content: stringify(args.config, { sortMapEntries: true }) }],
    secretFiles: Object.values(secrets),
    mounts: [args.storage],
    resources: args.resources,
    runAs: { uid: image.uid, gid: image.gid },
    replicas: args.replicas,
    autoscaling: args.autoscaling,
    ports: { http: { port: APP_PORT, exposure: "proxied" } },
    probe: { kind: "http", port: "http", path: HEALTH_PATH, interval: "2s" },
    readyTimeout: args.readyTimeout,
    metrics: { port: "http", path: "/metrics" },
    observability: appObservability(args.objectives),
    connectsTo: [
      ...access.connectsTo,
      cache.endpoint,
      kratos.public,
      kratos.admin,
      ...(temporal === undefined ? [] : [temporal.frontend]),
      ...(nats === undefined ? [] : [nats.endpoint]),
      ...(tracing === undefined ? [] : [tracing.spans.otlp, tracing.spans.thrift]),
    ],
    // Object storage and webhooks are outside.
    egress: true,
    dependsOn: [database.ready, cache.ready, kratos.ready, ...(temporal === undefined ? [] : [temporal.ready]), ...(nats === undefined ? [] : [nats.ready])],
  };
}

/** Variables of seeds 000 and 003, which name some things twice. */
function environment({
  database,
  cache,
  nats,
  kratos,
  temporal,
  tracing,
  storage,
  logLevel,
  dbMaxConnections,
  redisMaxIdle,
}: AppWorkloadArgs): Record<string, string> {
  return {
    DB_HOST: database.server.host,
    DB_PORT: String(database.server.port),
    DB_USER: database.role,
    DB_NAME: database.name,
    DB_SSLMODE: database.server.sslMode,
    DB_MAX_CONNECTIONS: String(dbMaxConnections),
    REDIS_HOST: cache.endpoint.host,
    REDIS_PORT: String(cache.endpoint.port),
    REDIS_MAX_IDLE: String(redisMaxIdle),
    KRATOS_PUBLIC_URL: `http://${kratos.public.address}`,
    KRATOS_ADMIN_URL: `http://${kratos.admin.address}`,
    ...(temporal && { TEMPORAL_HOST: temporal.frontend.address, WATERFLOW_URL: `http://${temporal.frontend.address}` }),
    ...(nats && { PUBSUB_BACKEND: "nats" }),
    ...(tracing && tracingEnvironment(tracing)),
    LOG_LEVEL: logLevel,
    STORAGE_TYPE: "local",
    STORAGE_PATH: storage.path,
  };
}

/** The variables of OpenTelemetry's own SDKs, and the one of seed 003, which is Jaeger's older form. */
function tracingEnvironment({ spans, sampling, stack }: NonNullable<AppArgs["tracing"]>): Record<string, string> {
  return {
    OTEL_SERVICE_NAME: "apprun",
    OTEL_RESOURCE_ATTRIBUTES: `deployment.environment.name=${stack}`,
    OTEL_TRACES_EXPORTER: "otlp",
    OTEL_METRICS_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${spans.otlp.address}`,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: String(sampling),
    OTEL_EXPORTER_JAEGER_ENDPOINT: `http://${spans.thrift.address}/api/traces`,
  };
}

/** The app reads each of these from the file that `<key>_FILE` names. */
function secretFiles({ database, cache, nats, jwtSecret, encryptionKey }: AppWorkloadArgs): Record<string, SecretFile> {
  const file = (name: string, content: Output<string>): SecretFile => ({ path: `${SECRETS}/${name}`, content });
  return {
    DATABASE_URL: file("database-url", databaseUrl(database)),
    DB_PASSWORD: file("database-password", database.password),
    REDIS_URL: file("redis-url", cache.url),
    ...(nats && { PUBSUB_NATS_URL: file("nats-url", nats.url) }),
    JWT_SECRET: file("jwt-secret", jwtSecret),
    ENCRYPTION_KEY: file("encryption-key", encryptionKey),
  };
}
