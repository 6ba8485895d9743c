import { registryParts, type ImageFacts } from "../../components/model/images.ts";

/** An image in the parts of `app.image`. */
export type ImageParts = Pick<ImageFacts, "registry" | "repository" | "tag">;

/** The parts of a reference such as `ghcr.io/example/shop:1.4.2`, or nothing for one without a tag, or with a digest. */
export function imageParts(reference: string): ImageParts | undefined {
  const match = /^((?:[a-z0-9.-]+(?::\d+)?\/)?[a-z0-9._/-]+):([\w.-]+)$/.exec(reference);
  if (match === null) return undefined;
  const [, short = "", tag = ""] = match;
  return { ...registryParts(short), tag };
}
