import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { Image } from "../../model/images.ts";
import type { Duration } from "../../model/units.ts";
import type { Endpoint, JobSpec, Ready, Resources, Workload, WorkloadSpec } from "../../model/workload.ts";
import { type Database, databaseAccess, type DatabaseServer, trustFiles, trustPath } from "../postgres/database.ts";
import { DYNAMIC_CONFIG, DYNAMIC_CONFIG_PATH, temporalConfiguration } from "./config.ts";
import { TEMPORAL_UI_PORT } from "./index.ts";
import { temporalObservability, TEMPORAL_KEEP } from "./observability.ts";
import { namespaceScript, schemaScript } from "./scripts.ts";
import type { Made } from "../kit/made.ts";
import { JOB_RESOURCES, type ServiceArgs } from "../kit/service-args.ts";
import { shownWorkload } from "../kit/shown.ts";

export interface TemporalArgs extends ServiceArgs<"temporal" | "temporalAdminTools" | "temporalUi"> {
  /** Where workflows are stored. */
  readonly store: Database;
  /** Where workflows are searched; owned by the same role. */
  readonly visibility: Database;
  readonly namespace: string;
  /** How long closed workflows are kept. */
  readonly retention: Duration;
  /** Fixed when the database is made. */
  readonly historyShards: number;
  /** Whether the web pages run too. */
  readonly ui: boolean;
  readonly uiResources: Resources;
  /** URL under which browsers reach the web pages. */
  readonly uiUrl: string;
}

/** Temporal: schema job, server, namespace job, web pages. */
export class Temporal extends ComponentResource implements Made {
  readonly pages: NonNullable<Made["pages"]>;

  readonly frontend: Endpoint;
  readonly namespace: string;
  /** The web pages, when they run. */
  readonly ui: Endpoint<"app"> | undefined;
  /** Resolves when the namespace is there. */
  readonly ready: Ready;

  constructor(name: string, args: TemporalArgs, opts: ComponentResourceOptions = {}) {
    super("apprun:service:Temporal", name, {}, opts);
    const tools = args.image("temporalAdminTools");
    const schema = args.platform.job(`${name}-schema`, schemaJob({ ...args, image: tools }), { parent: this });
    const server = args.platform.workload(
      name,
      temporalWorkload({ ...args, image: args.image("temporal"), dependsOn: [schema.succeeded] }),
      { parent: this },
    );
    this.frontend = server.endpoint("frontend");
    this.namespace = args.namespace;
    const namespace = args.platform.job(
      `${name}-namespace`,
      namespaceJob({ ...args, image: tools, frontend: this.frontend, dependsOn: [server.ready] }),
      {
        parent: this,
      },
    );
    this.ready = namespace.succeeded;
    const ui = args.ui ? this.#ui(`${name}-ui`, args, server.ready) : undefined;
    this.ui = ui?.endpoint("http");
    this.pages = this.ui === undefined ? {} : { temporal: this.ui };
    this.registerOutputs({
      ...shownWorkload(server),
      databases: [args.store.name, args.visibility.name],
      historyShards: args.historyShards,
      ...(ui && { ui: shownWorkload(ui) }),
    });
  }

  #ui(name: string, args: TemporalArgs, ready: Ready): Workload<"app"> {
    const spec = temporalUiWorkload({
      image: args.image("temporalUi"),
      resources: args.uiResources,
      url: args.uiUrl,
      frontend: this.frontend,
      dependsOn: [ready],
    });
    return args.platform.workload(name, spec, { parent: this });
  }
}

const PASSWORD_FILE = "/run/secrets/database-password";
const CONFIG_PATH = "/run/secrets/temporal.yml";

type StoreArgs = Pick<TemporalArgs, "store" | "visibility"> & { readonly image: Image };

/** Creates or updates the tables of both databases; safe to run again. */
export function schemaJob({ store, visibility, image }: StoreArgs): JobSpec {
  return {
    image,
    entrypoint: ["sh", "-c"],
    args: [schemaScript({ passwordFile: PASSWORD_FILE, store: store.name, visibility: visibility.name })],
    env: {
      SQL_PLUGIN: "postgres12",
      SQL_HOST: store.server.host,
      SQL_PORT: String(store.server.port),
      SQL_USER: store.role,
      ...toolTls(store.server),
    },
    files: trustFiles(store.server),
    secretFiles: [{ path: PASSWORD_FILE, content: store.password }],
    resources: JOB_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    zone: "backend",
    ...databaseAccess(store),
    dependsOn: [store.ready],
  };
}

/** The tool checks certificate and host name unless it is told otherwise. */
function toolTls(server: DatabaseServer): Record<string, string> {
  if (server.sslMode === "disable") return {};
  const ca = trustPath(server);
  return {
    SQL_TLS: "true",
    ...(ca !== undefined && { SQL_TLS_CA_FILE: ca }),
    ...(server.sslMode === "verify-full"
      ? { SQL_TLS_SERVER_NAME: server.host }
      : { SQL_TLS_DISABLE_HOST_VERIFICATION: "true" }),
  };
}

export function temporalWorkload(
  args: StoreArgs & Pick<TemporalArgs, "historyShards" | "resources"> & { readonly dependsOn: readonly Ready[] },
): WorkloadSpec<"app"> {
  const { image, store, visibility, resources, dependsOn } = args;
  return {
    tier: "app",
    zone: "backend",
    image,
    env: {
      TEMPORAL_SERVER_CONFIG_FILE_PATH: CONFIG_PATH,
      // The entrypoint would bind one address only; the container is in two networks.
      BIND_ON_IP: "0.0.0.0",
    },
    files: [{ path: DYNAMIC_CONFIG_PATH, content: DYNAMIC_CONFIG }, ...trustFiles(store.server)],
    secretFiles: [{ path: CONFIG_PATH, content: temporalConfiguration(args) }],
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    ports: {
      frontend: { port: 7233, exposure: "internal", protocol: "grpc" },
      metrics: { port: 9090, exposure: "internal" },
    },
    probe: { kind: "exec", command: ["nc", "-z", "127.0.0.1", "7233"], interval: "2s", startPeriod: "60s" },
    metrics: { port: "metrics", path: "/metrics", keep: TEMPORAL_KEEP },
    observability: temporalObservability({ store: store.name, visibility: visibility.name, tag: image.tag }),
    onlyOne: "its four roles find each other on the loopback; a second server would take their shards",
    ...databaseAccess(store),
    dependsOn,
  };
}

/**
 * The address for gRPC clients. They would first ask DNS for a service
 * configuration of that name; inside an internal network of a host whose DNS
 * does not answer, that takes longer than their own time-out.
 */
function grpcAddress({ address }: Endpoint): string {
  return `passthrough:///${address}`;
}

export interface NamespaceArgs extends Pick<TemporalArgs, "namespace" | "retention"> {
  readonly image: Image;
  readonly frontend: Endpoint;
  readonly dependsOn: readonly Ready[];
}

/** Makes the namespace, or sets its retention when it is there. */
export function namespaceJob({ image, frontend, dependsOn, ...args }: NamespaceArgs): JobSpec {
  return {
    image,
    entrypoint: ["sh", "-c"],
    args: [namespaceScript(args)],
    env: { TEMPORAL_ADDRESS: grpcAddress(frontend) },
    resources: JOB_RESOURCES,
    runAs: { uid: image.uid, gid: image.gid },
    zone: "backend",
    connectsTo: [frontend],
    dependsOn,
  };
}

export interface TemporalUiArgs extends Omit<NamespaceArgs, "namespace" | "retention"> {
  readonly resources: Resources;
  /** URL under which browsers reach it. */
  readonly url: string;
}

export function temporalUiWorkload({
  image,
  frontend,
  resources,
  url,
  dependsOn,
}: TemporalUiArgs): WorkloadSpec<"app"> {
  return {
    tier: "app",
    zone: "backend",
    image,
    env: {
      TEMPORAL_ADDRESS: grpcAddress(frontend),
      TEMPORAL_UI_PORT: String(TEMPORAL_UI_PORT),
      // Over plain HTTP a browser would not send a secure cookie back.
      ...(!url.startsWith("https:") && { TEMPORAL_CSRF_COOKIE_INSECURE: "true" }),
    },
    resources,
    runAs: { uid: image.uid, gid: image.gid },
    ports: { http: { port: TEMPORAL_UI_PORT, exposure: "proxied" } },
    probe: { kind: "http", port: "http", path: "/healthz", interval: "2s" },
    connectsTo: [frontend],
    dependsOn,
  };
}
