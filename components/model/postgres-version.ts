import { ModelError } from "./errors.ts";
import type { Image } from "./images.ts";

/** Where the image of each known major keeps its data. */
const DATA_PATHS: Readonly<Record<string, string>> = {
  "15": "/var/lib/postgresql/data",
  "16": "/var/lib/postgresql/data",
  "17": "/var/lib/postgresql/data",
  // From 18 on the image's volume is the parent directory; a mount below it would leave the data in an anonymous volume.
  "18": "/var/lib/postgresql",
};

/** Majors that the program can run, oldest first. */
export const POSTGRES_MAJORS: readonly string[] = Object.keys(DATA_PATHS);

/** Where the image of a major version keeps its data. */
export function dataPath(major: string): string {
  const path = DATA_PATHS[major];
  if (path === undefined)
    throw new ModelError({
      got: `image "postgres": got major version "${major}"`,
      allowed: POSTGRES_MAJORS.join(", "),
      fix: "set images.pins.postgres.tag to one of them",
    });
  return path;
}

/**
 * The C library that sorts texts. Indexes that one has made are wrong for the
 * other: rows are not found, and unique values are there twice.
 */
export function libraryOf(tag: string): "musl" | "glibc" {
  return tag.includes("alpine") ? "musl" : "glibc";
}

/** The major version in the image's tag: `17-alpine` and `17.9` are `17`. */
export function majorVersion({ tag }: Pick<Image, "tag">): string {
  return /^\d+/.exec(tag)?.[0] ?? tag;
}
