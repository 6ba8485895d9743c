import { EVERYWHERE, type ResourcePolicy } from "../policy.ts";
import { imagesOf } from "../read/image.ts";

export const imageTag: ResourcePolicy = {
  kind: "resource",
  name: "image-tag",
  description: "Every image names one version. `latest`, or no tag at all, is another image every month.",
  enforcement: EVERYWHERE,
  allowed: "a tag that names one version",
  remedy: "set images.pins.<image>.tag, or app.image.tag, to a version",
  check: (resource) =>
    imagesOf(resource)
      .filter((image) => image.digest === undefined && (image.tag === undefined || image.tag === "latest"))
      .map((image) => `image "${image.reference}": got ${image.tag === undefined ? "no tag" : 'the tag "latest"'}`),
};
