import { ModelError } from "./errors.ts";
import type { ImageSources } from "./image-sources.ts";

/** How an HTTP probe can be run inside the image. */
export type ProbeTool = "curl" | "wget";

/** One image: where it comes from, which version, and what is inside it. */
export interface ImageFacts {
  /** The registry's host. */
  readonly registry: string;
  /** The path below the registry, with Docker Hub's `library/` written out. */
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…` of the manifest list; wins over the tag when set. */
  readonly digest?: string | undefined;
  /** A tool for HTTP probes that the image has. `@default -` none: the image brings its own check. */
  readonly probeTool?: ProbeTool | undefined;
  /** The numeric user that the service runs as. */
  readonly uid: number;
  readonly gid: number;
  /** The user in the Debian variant, whose tags do not say `alpine`. `@default -` the same */
  readonly debian?: { readonly uid: number; readonly gid: number };
  /** Versions of the schemas that the program in this tag works on, by database. `@default -` it has none, or another tag was chosen */
  readonly schemas?: Readonly<Record<string, string>>;
  /** Why the old version may not be able to read what a new one has written: a backup comes first. `@default -` it writes no data */
  readonly touchesData?: string;
  /** How the version may change where data is. `@default -` freely */
  readonly steps?: VersionSteps;
}

/** An image that the program brings, built for more than one platform. */
export interface CatalogueImage extends ImageFacts {
  readonly platforms: readonly string[];
  /** No public registry has it, so none is asked. @default - one has */
  readonly published?: false;
  /** Where it is said what this entry says. */
  readonly sources: ImageSources;
}

/** How a program that migrates its own data may go from one version to another: never back. */
export interface VersionSteps {
  /** Whether each minor version must have run before the next. */
  readonly eachMinor: boolean;
  readonly reason: string;
}

/** Docker Hub, whose host and `library/` short references leave out. */
export const HUB = "docker.io";

/** Whether the first part of a reference names a registry; without the form of a host it is part of a path on Docker Hub. */
function isRegistryHost(first: string): boolean {
  return /[.:]|^localhost$/.test(first);
}

/** What the images are built for, unless they say otherwise. */
export const BOTH_PLATFORMS = ["linux/amd64", "linux/arm64"] as const;

/** What a stack changes about the catalogue. */
export interface ImageSettings {
  /**
   * A mirror that replaces every registry, such as `mirror.example.com/hub`.
   * @default - each image's own registry
   */
  readonly registry?: string | undefined;
  /**
   * Mirrors by the host that each stands in for, such as `harbor.example.com/quay`.
   * @default - each image's own registry
   */
  readonly mirrors?: Readonly<Record<string, string>> | undefined;
  /**
   * Another tag or a digest for single images.
   * @default {}
   */
  readonly pins?:
    | Readonly<
        Partial<Record<string, { readonly tag?: string | undefined; readonly digest?: string | undefined } | undefined>>
      >
    | undefined;
  /**
   * Images of the stack's own in place of the catalogue's. Their registry is as written: a mirror has no copy of them.
   * @default {}
   */
  readonly own?: Readonly<Partial<Record<string, ImageFacts>>> | undefined;
}

/** An image chosen for a stack: its facts and the reference to pull. */
export interface Image extends ImageFacts {
  /** Its name in the catalogue. */
  readonly name: string;
  /** What the container runtime is asked for, such as `postgres:17-alpine`. */
  readonly reference: string;
}

/**
 * The image under the stack's settings.
 * @throws ModelError for the tag `latest`, which names another image every month
 */
export function chooseImage(name: string, { schemas, ...entry }: ImageFacts, settings: ImageSettings = {}): Image {
  const own = ownImage(name, settings);
  if (own !== undefined) return own;
  const pin = settings.pins?.[name];
  const tag = pin?.tag ?? entry.tag;
  const digest = pin?.digest ?? (pin?.tag === undefined ? entry.digest : undefined);
  if (tag === "latest")
    throw new ModelError({
      got: `image "${name}": got the tag "latest"`,
      allowed: "a tag that names one version",
      fix: `set images.pins.${name}.tag to a version such as "${entry.tag}"`,
    });
  const mirror = settings.registry ?? settings.mirrors?.[entry.registry];
  const path = mirror === undefined ? repositoryOf(entry) : `${mirror}/${entry.repository}`;
  const user = tag.includes("alpine") ? undefined : entry.debian;
  // What another tag needs is not known here.
  const known = tag === entry.tag && schemas !== undefined ? { schemas } : {};
  return {
    ...entry,
    ...user,
    ...known,
    tag,
    ...(digest && { digest }),
    name,
    reference: referenceTo(path, { tag, digest }),
  };
}

/** The image that settings name under a name that the catalogue does not have. */
export function ownImage(name: string, { own = {} }: ImageSettings): Image | undefined {
  const facts = own[name];
  return facts && { ...facts, name, reference: referenceTo(repositoryOf(facts), facts) };
}

function referenceTo(path: string, { tag, digest }: Pick<ImageFacts, "tag" | "digest">): string {
  return `${path}:${tag}${digest ? `@${digest}` : ""}`;
}

/** Registry and path in the short form that Docker itself shows: Hub's host and `library/` are left out. */
export function repositoryOf({ registry, repository }: Pick<ImageFacts, "registry" | "repository">): string {
  if (registry !== HUB) return `${registry}/${repository}`;
  return repository.replace(/^library\//, "");
}

/** Registry and path of a short form, with or without its tag: the inverse of `repositoryOf`. */
export function registryParts(short: string): Pick<ImageFacts, "registry" | "repository"> {
  const [first = "", ...path] = short.split("/");
  if (path.length > 0 && isRegistryHost(first)) return { registry: first, repository: path.join("/") };
  return { registry: HUB, repository: path.length === 0 ? `library/${short}` : short };
}

/** The host of the registry that a short form names. */
export function registryOf(short: string): string {
  return registryParts(short).registry;
}
