import type { Output } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { Image } from "../../model/images.ts";
import type { Probe } from "../../model/probe.ts";
import type { Mount } from "../../model/volume.ts";
import type { Ready, SecretFile, WorkloadSpec } from "../../model/workload.ts";
import { authorityEnvironment, authorityFiles } from "../kit/authorities.ts";
import type { LinkedSecret } from "../kit/link.ts";
import { type Database, databaseAccess, databaseUrl, poolSize, trustFiles, trustPath } from "../postgres/database.ts";
import type { AppArgs } from "./args.ts";
import { appObservability, plainObservability } from "./observability.ts";

const SECRETS = "/run/secrets";

export interface AppWorkloadArgs extends Omit<
  AppArgs,
  "platform" | "image" | "protectData" | "rotation" | "storage" | "bucket" | "encryptionKey"
> {
  readonly image: Image;
  readonly jwtSecret: Output<string>;
  readonly encryptionKey: Output<string>;
  /** @default - files lie in a bucket */
  readonly storage?: Mount | undefined;
  /** What must be done besides what its links wait for. */
  readonly dependsOn: readonly Ready[];
}

export function appWorkload(args: AppWorkloadArgs): WorkloadSpec<"app"> {
  const { database, links, storage, image } = args;
  const secrets = secretFiles(args);
  return {
    tier: "app",
    zone: "backend",
    image,
    ...(args.command && { args: args.command }),
    env: {
      ...environment(args),
      ...Object.fromEntries(Object.entries(secrets).map(([key, { path }]) => [`${key}_FILE`, path])),
    },
    files: [
      { path: "/app/config/default.yaml", content: stringify(args.config, { sortMapEntries: true }) },
      ...trustFiles(database.server),
      ...links.flatMap(({ authority }) => (authority === undefined ? [] : authorityFiles(authority.kind, authority))),
    ],
    secretFiles: Object.values(secrets),
    mounts: storage === undefined ? [] : [storage],
    resources: args.resources,
    runAs: { uid: image.uid, gid: image.gid },
    replicas: args.replicas,
    autoscaling: args.autoscaling,
    ports: { http: { port: args.port, exposure: "proxied" } },
    probe: probe(args),
    readyTimeout: args.readyTimeout,
    ...watched(args),
    connectsTo: [...databaseAccess(database).connectsTo, ...links.flatMap(({ connectsTo = [] }) => connectsTo)],
    // Object storage and webhooks are outside.
    egress: true,
    dependsOn: [...args.dependsOn, database.ready, ...links.flatMap(({ dependsOn = [] }) => dependsOn)],
  };
}

function probe({ probeCommand, paths: { health = "/", ready } }: AppWorkloadArgs): Probe {
  const interval = "2s";
  return probeCommand === undefined
    ? { kind: "http", port: "http", path: health, readyPath: ready, interval }
    : { kind: "exec", command: probeCommand, interval };
}

/** Without metrics nothing is declared about them: an alert without data would stay silent or never end. */
function watched({
  paths: { metrics },
  contractMetrics,
  objectives,
}: AppWorkloadArgs): Pick<WorkloadSpec<"app">, "metrics" | "observability"> {
  if (metrics === undefined) return {};
  return {
    metrics: { port: "http", path: metrics },
    observability: contractMetrics ? appObservability(objectives) : plainObservability(),
  };
}

/** The app's own variables, and those that its links give it. */
function environment({
  database,
  links,
  storage,
  logLevel,
  replicas,
  autoscaling,
  redisMaxIdle,
}: AppWorkloadArgs): Record<string, string> {
  return {
    ...databaseEnvironment(database, autoscaling?.maxReplicas ?? replicas),
    ...authorityEnvironment(...links.map(({ authority }) => authority)),
    REDIS_MAX_IDLE: String(redisMaxIdle),
    LOG_LEVEL: logLevel,
    ...(storage && { STORAGE_TYPE: "local", STORAGE_PATH: storage.path }),
    ...Object.fromEntries(links.flatMap(({ environment: given = {} }) => Object.entries(given))),
  };
}

function databaseEnvironment(database: Database, replicas: number): Record<string, string> {
  const rootCert = trustPath(database.server);
  return {
    DB_HOST: database.server.host,
    DB_PORT: String(database.server.port),
    DB_USER: database.role,
    DB_NAME: database.name,
    DB_SSLMODE: database.server.sslMode,
    ...(rootCert !== undefined && { DB_SSLROOTCERT: rootCert }),
    DB_MAX_CONNECTIONS: String(poolSize(database, replicas)),
  };
}

/** The app reads each of these from the file that `<key>_FILE` names. */
function secretFiles({ database, links, jwtSecret, encryptionKey }: AppWorkloadArgs): Record<string, SecretFile> {
  const secrets: Readonly<Record<string, LinkedSecret>> = {
    DATABASE_URL: { file: "database-url", content: databaseUrl(database) },
    DB_PASSWORD: { file: "database-password", content: database.password },
    ...Object.fromEntries(links.flatMap(({ secrets: given = {} }) => Object.entries(given))),
    JWT_SECRET: { file: "jwt-secret", content: jwtSecret },
    ENCRYPTION_KEY: { file: "encryption-key", content: encryptionKey },
  };
  return Object.fromEntries(
    Object.entries(secrets).map(([key, { file, content }]) => [key, { path: `${SECRETS}/${file}`, content }]),
  );
}
