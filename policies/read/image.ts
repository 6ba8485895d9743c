import type { PolicyResource } from "../policy.ts";
import { containersOf } from "./container.ts";
import { text } from "./values.ts";

/** An image reference in its parts. */
export interface ImageReference {
  /** What was written. */
  readonly reference: string;
  /** Registry and path, without tag and digest. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Every image that a resource pulls. */
export function imagesOf(resource: PolicyResource): readonly ImageReference[] {
  if (resource.type === "docker:index/remoteImage:RemoteImage") {
    const reference = text(resource.props["name"]);
    return reference === undefined ? [] : [parseImage(reference)];
  }
  return containersOf(resource).flatMap(({ image }) => (image === undefined ? [] : [parseImage(image)]));
}

/** Splits `registry:5000/path:tag@digest`; a colon before the last slash belongs to the registry. */
export function parseImage(reference: string): ImageReference {
  const [path = "", digest] = reference.split("@");
  const colon = path.lastIndexOf(":");
  const tagged = colon > path.lastIndexOf("/");
  return {
    reference,
    repository: tagged ? path.slice(0, colon) : path,
    tag: tagged ? path.slice(colon + 1) : undefined,
    digest,
  };
}
