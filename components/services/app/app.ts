import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Image } from "../../model/images.ts";
import type { Bytes, Duration } from "../../model/units.ts";
import type { Autoscaling, ConfigFile, Endpoint, Mount, Ready, Resources, SecretFile, Volume, WorkloadSpec } from "../../model/workload.ts";
import { authorityEnvironment, authorityFiles } from "../kit/authorities.ts";
import { APP_PORT, HEALTH_PATH } from "./index.ts";
import { appObservability, type AppObjectives } from "./observability.ts";
import { CACHE_AUTHORITY, cacheAccess, cacheUrl, type CacheServer } from "../cache/server.ts";
import { type Database, databaseAccess, databaseUrl, poolSize, trustFiles, trustPath } from "../postgres/database.ts";
import { BUCKET_AUTHORITY, bucketCheckJob, pathStyle, type Bucket } from "./object-storage.ts";
import type { SpanEndpoints } from "../jaeger/jaeger.ts";
import { dataKeys, generatedSecret } from "../kit/secrets.ts";
import type { ServiceArgs } from "../kit/service-args.ts";

export interface AppArgs extends ServiceArgs<"apprun"> {
  readonly database: Database;
  readonly cache: CacheServer;
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
  /** Size of the volume for files. */
  readonly storage: Bytes;
  /** Where files lie in place of the volume. @default - on the volume */
  readonly bucket?: Bucket | undefined;
  readonly redisMaxIdle: number;
  /** Content of the app's own configuration file. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly readyTimeout: Duration;
  readonly objectives: AppObjectives;
  /** What the app encrypts with. @default - a generated key */
  readonly encryptionKey?: Output<string> | undefined;
}

/** The platform's app: stateless replicas over a shared storage volume or a bucket. */
export class App extends ComponentResource {
  readonly http: Endpoint<"app">;
  readonly ready: Ready;
  /** Its plain configuration files. */
  readonly configuration: readonly ConfigFile[];
  /** Files of the app's users. @default - they lie in a bucket */
  readonly storage: Volume | undefined;
  /** What the app encrypts with. */
  readonly encryptionKey: Output<string>;

  constructor(name: string, args: AppArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:App", name, {}, opts);
    const secret = { protect: args.protectData, rotation: args.rotation, parent: this };
    [this.encryptionKey] = dataKeys(`${name}-encryption-key`, args.encryptionKey, { ...secret, rotation: undefined });
    const { bucket } = args;
    const image = args.image("apprun");
    this.storage =
      bucket === undefined ? args.platform.volume(`${name}-storage`, { size: args.storage, retention: "data", shared: true }, { parent: this }) : undefined;
    const check = bucket && args.platform.job(`${name}-storage-check`, bucketCheckJob({ image, bucket }), { parent: this });
    const workload = args.platform.workload(
      name,
      appWorkload({
        ...args,
        image,
        jwtSecret: generatedSecret(`${name}-jwt`, secret),
        encryptionKey: this.encryptionKey,
        storage: this.storage && { volume: this.storage, path: STORAGE_PATH },
        dependsOn: check === undefined ? [] : [check.succeeded],
      }),
      { parent: this },
    );
    this.http = workload.endpoint("http");
    this.ready = workload.ready;
    this.configuration = workload.spec.files ?? [];
    this.registerOutputs({});
  }
}

const STORAGE_PATH = "/data/storage";
const SECRETS = "/run/secrets";

export interface AppWorkloadArgs extends Omit<AppArgs, "platform" | "image" | "protectData" | "storage" | "encryptionKey"> {
  readonly image: Image;
  readonly jwtSecret: Output<string>;
  readonly encryptionKey: Output<string>;
  /** @default - files lie in the bucket */
  readonly storage?: Mount | undefined;
  readonly resources: Resources;
  /** What must be done besides what it connects to. */
  readonly dependsOn: readonly Ready[];
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
    files: [
      { path: "/app/config/default.yaml", content: stringify(args.config, { sortMapEntries: true }) },
      ...trustFiles(database.server),
      ...authorityFiles(CACHE_AUTHORITY, cache),
      ...authorityFiles(BUCKET_AUTHORITY, args.bucket ?? {}),
    ],
    secretFiles: Object.values(secrets),
    mounts: args.storage === undefined ? [] : [args.storage],
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
      ...cacheAccess(cache).connectsTo,
      kratos.public,
      kratos.admin,
      ...(temporal === undefined ? [] : [temporal.frontend]),
      ...(nats === undefined ? [] : [nats.endpoint]),
      ...(tracing === undefined ? [] : [tracing.spans.otlp, tracing.spans.thrift]),
    ],
    // Object storage and webhooks are outside.
    egress: true,
    dependsOn: [
      ...args.dependsOn,
      database.ready,
      cache.ready,
      kratos.ready,
      ...(temporal === undefined ? [] : [temporal.ready]),
      ...(nats === undefined ? [] : [nats.ready]),
    ],
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
  bucket,
  logLevel,
  replicas,
  autoscaling,
  redisMaxIdle,
}: AppWorkloadArgs): Record<string, string> {
  const rootCert = trustPath(database.server);
  return {
    DB_HOST: database.server.host,
    DB_PORT: String(database.server.port),
    DB_USER: database.role,
    DB_NAME: database.name,
    DB_SSLMODE: database.server.sslMode,
    ...(rootCert !== undefined && { DB_SSLROOTCERT: rootCert }),
    DB_MAX_CONNECTIONS: String(poolSize(database, autoscaling?.maxReplicas ?? replicas)),
    REDIS_HOST: cache.host,
    REDIS_PORT: String(cache.port),
    ...authorityEnvironment(cache, bucket),
    REDIS_MAX_IDLE: String(redisMaxIdle),
    KRATOS_PUBLIC_URL: `http://${kratos.public.address}`,
    KRATOS_ADMIN_URL: `http://${kratos.admin.address}`,
    ...(temporal && { TEMPORAL_HOST: temporal.frontend.address, WATERFLOW_URL: `http://${temporal.frontend.address}` }),
    ...(nats && { PUBSUB_BACKEND: "nats" }),
    ...(tracing && tracingEnvironment(tracing)),
    LOG_LEVEL: logLevel,
    ...(storage && { STORAGE_TYPE: "local", STORAGE_PATH: storage.path }),
    ...(bucket && bucketEnvironment(bucket)),
  };
}

/** Seed 000's variables; those for services other than AWS are the AWS SDK's own, and path style the app's. */
function bucketEnvironment(bucket: Bucket): Record<string, string> {
  return {
    STORAGE_TYPE: "s3",
    S3_BUCKET: bucket.bucket,
    S3_FORCE_PATH_STYLE: String(pathStyle(bucket)),
    AWS_REGION: bucket.region,
    ...(bucket.endpoint !== undefined && { AWS_ENDPOINT_URL_S3: bucket.endpoint }),
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
function secretFiles({ database, cache, nats, bucket, jwtSecret, encryptionKey }: AppWorkloadArgs): Record<string, SecretFile> {
  const file = (name: string, content: Output<string>): SecretFile => ({ path: `${SECRETS}/${name}`, content });
  return {
    DATABASE_URL: file("database-url", databaseUrl(database)),
    DB_PASSWORD: file("database-password", database.password),
    REDIS_URL: file("redis-url", cacheUrl(cache)),
    ...(nats && { PUBSUB_NATS_URL: file("nats-url", nats.url) }),
    ...(bucket && {
      AWS_ACCESS_KEY_ID: file("storage-access-key-id", bucket.keys.accessKeyId),
      AWS_SECRET_ACCESS_KEY: file("storage-secret-access-key", bucket.keys.secretAccessKey),
    }),
    JWT_SECRET: file("jwt-secret", jwtSecret),
    ENCRYPTION_KEY: file("encryption-key", encryptionKey),
  };
}
