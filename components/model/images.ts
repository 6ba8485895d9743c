import { ModelError } from "./errors.ts";

/** How an HTTP probe can be run inside the image. */
export type ProbeTool = "curl" | "wget";

/** One image: where it comes from, which version, and what is inside it. */
export interface CatalogueImage {
  /** The registry's host. */
  readonly registry: string;
  /** The path below the registry, with Docker Hub's `library/` written out. */
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…` of the manifest list; wins over the tag when set. */
  readonly digest?: string;
  readonly platforms: readonly string[];
  /** A tool for HTTP probes that the image has. `@default -` none: the image brings its own check. */
  readonly probeTool?: ProbeTool;
  /** The numeric user that the service runs as. */
  readonly uid: number;
  readonly gid: number;
  /** The user in the Debian variant, whose tags do not say `alpine`. `@default -` the same */
  readonly debian?: { readonly uid: number; readonly gid: number };
  /** Versions of the schemas that the program in this tag works on, by database. `@default -` it has none, or another tag was chosen */
  readonly schemas?: Readonly<Record<string, string>>;
}

const HUB = "docker.io";
const BOTH = ["linux/amd64", "linux/arm64"] as const;

/**
 * Every image the program can run. Versions live here and nowhere else; a stack
 * overrides a tag or pins a digest with `images.pins`.
 */
export const CATALOGUE = {
  apprun: { registry: HUB, repository: "websoft9/apprun", tag: "1.0.0", platforms: BOTH, probeTool: "curl", uid: 10001, gid: 10001 },
  postgres: { registry: HUB, repository: "library/postgres", tag: "17-alpine", platforms: BOTH, uid: 70, gid: 70, debian: { uid: 999, gid: 999 } },
  postgresCluster: { registry: "ghcr.io", repository: "cloudnative-pg/postgresql", tag: "17.6", platforms: BOTH, uid: 26, gid: 26 },
  valkey: { registry: HUB, repository: "valkey/valkey", tag: "8-alpine", platforms: BOTH, uid: 999, gid: 1000, debian: { uid: 999, gid: 999 } },
  redis: { registry: HUB, repository: "library/redis", tag: "7-alpine", platforms: BOTH, uid: 999, gid: 1000, debian: { uid: 999, gid: 999 } },
  nats: { registry: HUB, repository: "library/nats", tag: "2-alpine", platforms: BOTH, probeTool: "wget", uid: 1000, gid: 1000 },
  natsExporter: { registry: HUB, repository: "natsio/prometheus-nats-exporter", tag: "0.17.3", platforms: BOTH, probeTool: "wget", uid: 65534, gid: 65534 },
  kratos: {
    registry: HUB,
    repository: "oryd/kratos",
    tag: "v1.3.1",
    platforms: BOTH,
    probeTool: "wget",
    uid: 10000,
    gid: 10000,
    // The last file of persistence/sql/migrations/sql at this tag.
    schemas: { kratos: "20240425095000000001" },
  },
  temporal: {
    registry: HUB,
    repository: "temporalio/server",
    tag: "1.30.4",
    platforms: BOTH,
    uid: 1000,
    gid: 1000,
    // schema/postgresql/v12/version.go at this tag.
    schemas: { temporal: "1.18", temporal_visibility: "1.13" },
  },
  temporalAdminTools: { registry: HUB, repository: "temporalio/admin-tools", tag: "1.30.4", platforms: BOTH, uid: 1000, gid: 1000 },
  temporalUi: { registry: HUB, repository: "temporalio/ui", tag: "2.54.1", platforms: BOTH, probeTool: "wget", uid: 1000, gid: 1000 },
  prometheus: { registry: HUB, repository: "prom/prometheus", tag: "v3.15.0", platforms: BOTH, probeTool: "wget", uid: 65534, gid: 65534 },
  alertmanager: { registry: HUB, repository: "prom/alertmanager", tag: "v0.34.2", platforms: BOTH, probeTool: "wget", uid: 65534, gid: 65534 },
  nodeExporter: { registry: HUB, repository: "prom/node-exporter", tag: "v1.9.1", platforms: BOTH, probeTool: "wget", uid: 65534, gid: 65534 },
  postgresExporter: {
    registry: "quay.io",
    repository: "prometheuscommunity/postgres-exporter",
    tag: "v0.18.1",
    platforms: BOTH,
    probeTool: "wget",
    uid: 65534,
    gid: 65534,
  },
  // Made from nothing: it has no tool but itself.
  redisExporter: { registry: HUB, repository: "oliver006/redis_exporter", tag: "v1.74.0", platforms: BOTH, uid: 59000, gid: 59000 },
  grafana: { registry: HUB, repository: "grafana/grafana", tag: "12.4.0", platforms: BOTH, probeTool: "wget", uid: 472, gid: 0 },
  // Made from nothing: it has no tool but itself, and runs where kubelets ask by themselves.
  kubeStateMetrics: {
    registry: "registry.k8s.io",
    repository: "kube-state-metrics/kube-state-metrics",
    tag: "v2.20.0",
    platforms: BOTH,
    uid: 65534,
    gid: 65534,
  },
  jaeger: { registry: HUB, repository: "jaegertracing/jaeger", tag: "2.13.0", platforms: BOTH, probeTool: "wget", uid: 10001, gid: 10001 },
  // Made from nothing: its own program checks its health.
  loki: { registry: HUB, repository: "grafana/loki", tag: "3.7.8", platforms: BOTH, uid: 10001, gid: 10001 },
  alloy: { registry: HUB, repository: "grafana/alloy", tag: "v1.16.3", platforms: BOTH, uid: 473, gid: 473 },
  restic: { registry: HUB, repository: "restic/restic", tag: "0.18.0", platforms: BOTH, uid: 65534, gid: 65534 },
  traefik: { registry: HUB, repository: "library/traefik", tag: "v3.6", platforms: BOTH, probeTool: "wget", uid: 65532, gid: 65532 },
  cloudflared: { registry: HUB, repository: "cloudflare/cloudflared", tag: "2026.7.1", platforms: BOTH, uid: 65532, gid: 65532 },
} as const satisfies Record<string, CatalogueImage>;

export type ImageName = keyof typeof CATALOGUE;
export const IMAGE_NAMES = Object.keys(CATALOGUE) as readonly ImageName[];

/** What a stack changes about the catalogue. */
export interface ImageSettings {
  /**
   * A mirror that replaces every registry, such as `mirror.example.com/hub`.
   * @default - each image's own registry
   */
  readonly registry?: string | undefined;
  /**
   * Another tag or a digest for single images.
   * @default {}
   */
  readonly pins?: Partial<Record<ImageName, { readonly tag?: string | undefined; readonly digest?: string | undefined } | undefined>> | undefined;
}

/** An image chosen for a stack: the catalogue's facts and the reference to pull. */
export interface Image extends CatalogueImage {
  readonly name: ImageName;
  /** What the container runtime is asked for, such as `postgres:17-alpine`. */
  readonly reference: string;
}

/**
 * The image under the stack's settings.
 * @throws ModelError for the tag `latest`, which names another image every month
 */
export function selectImage(name: ImageName, settings: ImageSettings = {}): Image {
  const { schemas, ...entry }: CatalogueImage = CATALOGUE[name];
  const pin = settings.pins?.[name];
  const tag = pin?.tag ?? entry.tag;
  const digest = pin?.digest ?? (pin?.tag === undefined ? entry.digest : undefined);
  if (tag === "latest")
    throw new ModelError({
      got: `image "${name}": got the tag "latest"`,
      allowed: "a tag that names one version",
      fix: `set images.pins.${name}.tag to a version such as "${entry.tag}"`,
    });
  const path = settings.registry === undefined ? hubName(entry) : `${settings.registry}/${entry.repository}`;
  const user = tag.includes("alpine") ? undefined : entry.debian;
  // What another tag needs is not known here.
  const known = tag === entry.tag && schemas !== undefined ? { schemas } : {};
  return { ...entry, ...user, ...known, tag, ...(digest && { digest }), name, reference: `${path}:${tag}${digest ? `@${digest}` : ""}` };
}

/** The short form that Docker itself shows: Hub's host and `library/` are left out. */
function hubName({ registry, repository }: CatalogueImage): string {
  if (registry !== HUB) return `${registry}/${repository}`;
  return repository.replace(/^library\//, "");
}
