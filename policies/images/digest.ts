import { NOT_ELSEWHERE, type ResourcePolicy } from "../policy.ts";
import { imagesOf } from "../read/image.ts";

export const imageDigest: ResourcePolicy = {
  kind: "resource",
  name: "image-digest",
  description: "Production pulls by digest, so that nobody who can push to a registry can change what runs.",
  enforcement: NOT_ELSEWHERE,
  allowed: "a reference with a digest, such as name:tag@sha256:…",
  remedy: "run: node cli/bin.mjs images digests, which writes images.pins.<image>; set app.image.digest by hand",
  check: (resource) =>
    imagesOf(resource)
      .filter((image) => !/^sha256:[0-9a-f]{64}$/.test(image.digest ?? ""))
      .map(({ reference }) => `image "${reference}": got no digest`),
};
