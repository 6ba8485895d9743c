import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Endpoint, Ready, Resources, SecretFile, WorkloadSpec } from "../../model/workload.ts";
import { cacheAccess, CACHE_AUTHORITY, type CacheServer } from "../cache/server.ts";
import { authorityFiles } from "../kit/authorities.ts";
import { goMemory } from "../kit/go-memory.ts";
import type { Made } from "../kit/made.ts";
import { generatedSecret, secretValues } from "../kit/secrets.ts";
import type { ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";
import { centrifugoConfiguration, INTERNAL_PORT, type CentrifugoConfigArgs } from "./config.ts";
import { CLIENT_PORT } from "./index.ts";
import { CENTRIFUGO_DROP, centrifugoObservability } from "./observability.ts";

export interface CentrifugoArgs
  extends ServiceArgs<"centrifugo">, Pick<CentrifugoConfigArgs, "stack" | "origins" | "channels" | "namespaces"> {
  /** The stack's cache. */
  readonly cache: CacheServer;
  /** Where messages are kept. */
  readonly engine: "redis" | "memory";
  readonly replicas: number;
  /** URL of the app, whose pages may connect. */
  readonly appUrl: string;
  /** URL under which clients reach it. */
  readonly url: string;
}

/** Centrifugo: clients connect through the proxy, the app publishes on a port inside. */
export class Centrifugo extends ComponentResource implements Made {
  readonly pages: NonNullable<Made["pages"]>;
  readonly logins: NonNullable<Made["logins"]>;

  readonly url: string;
  readonly internal: Endpoint;
  readonly apiKey: Output<string>;
  /** What the app signs tokens with. */
  readonly tokenSecret: Output<string>;
  readonly ready: Ready;

  constructor(name: string, args: CentrifugoArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Centrifugo", name, {}, opts);
    // No data needs them: who signs in again gets a new token.
    const secret = { protect: false, rotation: args.rotation, parent: this };
    const tokenSecrets = secretValues(`${name}-token`, secret);
    const cache = args.engine === "redis" ? args.cache : undefined;
    this.url = args.url;
    this.apiKey = generatedSecret(`${name}-api-key`, secret);
    this.tokenSecret = tokenSecrets[0];
    const configuration = centrifugoConfiguration({
      ...args,
      cache,
      origins: [new URL(args.appUrl).origin, ...args.origins],
      memory: args.resources.limits.memory,
      tokenSecrets,
      apiKey: this.apiKey,
    });
    const workload = args.platform.workload(
      name,
      centrifugoWorkload({ ...args, image: args.image("centrifugo"), cache, configuration }),
      { parent: this },
    );
    this.internal = workload.endpoint("internal");
    this.ready = workload.ready;
    this.pages = { realtime: workload.endpoint("client") };
    this.logins = { [name]: { username: "X-API-Key", password: this.apiKey } };
    this.registerOutputs({ ...shownWorkload(workload), url: args.url });
  }
}

const CONFIG_FILE = "/run/secrets/centrifugo.json";

/** Its own time to stop, `SHUTDOWN`, and some for the process to end. */
const STOP_GRACE = "40s";

export interface CentrifugoWorkloadArgs {
  readonly image: Image;
  readonly configuration: SecretFile["content"];
  /** @default - it keeps messages in its memory */
  readonly cache: CacheServer | undefined;
  readonly replicas: number;
  readonly resources: Resources;
}

export function centrifugoWorkload({
  image,
  configuration,
  cache,
  replicas,
  resources,
}: CentrifugoWorkloadArgs): WorkloadSpec<"app"> {
  return {
    tier: "app",
    zone: "backend",
    image,
    entrypoint: ["centrifugo"],
    args: ["--config", CONFIG_FILE],
    env: goMemory(resources),
    files: cache === undefined ? [] : authorityFiles(CACHE_AUTHORITY, cache),
    secretFiles: [{ path: CONFIG_FILE, content: configuration }],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    readOnlyRoot: true,
    replicas,
    ports: {
      client: { port: CLIENT_PORT, exposure: "proxied" },
      internal: { port: INTERNAL_PORT, exposure: "internal" },
    },
    // Says that the process is there. It does not look at the cache, which an alert does.
    probe: { kind: "http", port: "internal", path: "/health", interval: "2s" },
    stopGrace: STOP_GRACE,
    metrics: { port: "internal", path: "/metrics", drop: CENTRIFUGO_DROP },
    observability: centrifugoObservability({ replicas, memory: resources.limits.memory }),
    ...(cache !== undefined && { ...cacheAccess(cache), dependsOn: [cache.ready] }),
  };
}
