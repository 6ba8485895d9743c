/** What the catalogue says of the inside of an image: user and group, tools for probes, paths of data and programs, platforms. */
export const CLAIMS = ["user", "tools", "paths", "platforms"] as const;
export type Claim = (typeof CLAIMS)[number];

/** No public page was found that says it. */
export const NOT_VERIFIED = "not verified";

/** A public page that says it, of the version that was found: it may be another one than the tag's. */
export type Source = `https://${string}` | typeof NOT_VERIFIED;

/** Where each claim was read, and when: upstream changes users, tools and platforms between versions. */
export interface ImageSources extends Readonly<Record<Claim, Source>> {
  /** The day on which all of them were read, such as `2026-11-28`. */
  readonly lookedUp: string;
}

/** Sources of an image whose Dockerfile says most of it. */
export function fromDockerfile(
  lookedUp: string,
  dockerfile: Source,
  { platforms, ...others }: Readonly<Record<"platforms", Source> & Partial<Record<Claim, Source>>>,
): ImageSources {
  return { lookedUp, user: dockerfile, tools: dockerfile, paths: dockerfile, platforms, ...others };
}

/** Sources of an image of which no public page was found. */
export function notVerified(lookedUp: string): ImageSources {
  return fromDockerfile(lookedUp, NOT_VERIFIED, { platforms: NOT_VERIFIED });
}
