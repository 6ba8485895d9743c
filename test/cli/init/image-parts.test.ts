import { expect, it } from "vitest";
import { imageParts } from "../../../cli/init/image-parts.ts";
import { ownImage } from "../../../components/model/images.ts";

it.each([
  ["ghcr.io/example/shop:1.4.2", { registry: "ghcr.io", repository: "example/shop", tag: "1.4.2" }],
  ["registry.example.com:5000/shop:7", { registry: "registry.example.com:5000", repository: "shop", tag: "7" }],
  ["localhost/team/shop:7", { registry: "localhost", repository: "team/shop", tag: "7" }],
  ["example/shop:7", { registry: "docker.io", repository: "example/shop", tag: "7" }],
  ["postgres:17-alpine", { registry: "docker.io", repository: "library/postgres", tag: "17-alpine" }],
])("%s has its parts, which name the same image", (reference, parts) => {
  expect(imageParts(reference)).toEqual(parts);
  expect(ownImage("app", { own: { app: { ...parts, uid: 1, gid: 1 } } })?.reference).toBe(reference);
});

it.each(["shop", "ghcr.io/example/shop", `shop@sha256:${"a".repeat(64)}`, "shop:1 2"])("%s has none", (reference) => {
  expect(imageParts(reference)).toBeUndefined();
});
