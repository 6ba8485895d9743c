import type { Output } from "@pulumi/pulumi";
import type { Mount } from "../../model/volume.ts";
import { authorityEnvironment } from "../kit/authorities.ts";
import { fact, publicAddress } from "../kit/fact.ts";
import type { LinkedSecret } from "../kit/link.ts";
import { databaseEnvironment, databaseFacts, databaseSecrets } from "../postgres/link.ts";
import type { AppArgs } from "./args.ts";
import { keyFacts } from "./keys.ts";
import type { Facts } from "../kit/template.ts";

/** What decides on the app's variables. */
export interface ToldArgs extends Pick<
  AppArgs,
  | "database"
  | "links"
  | "url"
  | "port"
  | "replicas"
  | "autoscaling"
  | "logLevel"
  | "redisMaxIdle"
  | "env"
  | "secrets"
  | "variables"
  | "variablesPreset"
  | "secretsAs"
> {
  readonly jwtSecret: Output<string>;
  readonly encryptionKey: Output<string>;
  /** @default - files lie in a bucket */
  readonly storage?: Mount | undefined;
}

/** What the public image reads: ghcr.io/websoft9/apprun. */
export const PUBLIC: Readonly<Record<string, string>> = {
  DATABASE_HOST: "{database.host}",
  DATABASE_PORT: "{database.port}",
  DATABASE_USER: "{database.user}",
  DATABASE_PASSWORD: "{database.password}",
  DATABASE_DB_NAME: "{database.name}",
  SERVER_HTTP_PORT: "{app.port}",
};

/** Everything that a variable of the operator's own can name. */
export function factsOf(args: ToldArgs): Facts {
  const { database, links, storage, url, port, jwtSecret, encryptionKey } = args;
  return {
    "app.url": publicAddress(url),
    "app.port": fact(port),
    ...keyFacts({ jwtSecret, encryptionKey }),
    ...databaseFacts(database, replicasOf(args)),
    ...(storage && { "storage.path": fact(storage.path) }),
    ...Object.fromEntries(links.flatMap(({ facts = {} }) => Object.entries(facts))),
  };
}

/** Where Go programs find the authorities of the stack's servers, whatever else they are told. */
export function trustEnvironment({ links }: Pick<ToldArgs, "links">): Record<string, string> {
  return authorityEnvironment(...links.map(({ authority }) => authority));
}

/** Plain variables of the preset apprun: the app's own, and those that its links give it. */
export function apprunEnvironment(args: ToldArgs): Record<string, string> {
  const { links, storage, logLevel, redisMaxIdle } = args;
  return {
    ...databaseEnvironment(args.database, replicasOf(args)),
    REDIS_MAX_IDLE: String(redisMaxIdle),
    LOG_LEVEL: logLevel,
    ...(storage && { STORAGE_TYPE: "local", STORAGE_PATH: storage.path }),
    ...Object.fromEntries(links.flatMap(({ environment: given = {} }) => Object.entries(given))),
  };
}

/** Secrets of the same. */
export function apprunSecrets({
  database,
  links,
  jwtSecret,
  encryptionKey,
}: ToldArgs): Readonly<Record<string, LinkedSecret>> {
  const named = (file: string, content: Output<string>): LinkedSecret => ({ file, content });
  return {
    ...databaseSecrets(database),
    ...Object.fromEntries(links.flatMap(({ secrets: given = {} }) => Object.entries(given))),
    JWT_SECRET: named("jwt-secret", jwtSecret),
    ENCRYPTION_KEY: named("encryption-key", encryptionKey),
  };
}

function replicasOf({ autoscaling, replicas }: ToldArgs): number {
  return autoscaling?.maxReplicas ?? replicas;
}
