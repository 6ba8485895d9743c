import { describe, expect, it } from "vitest";
import { registryParts, repositoryOf } from "../../components/model/images.ts";
import { CATALOGUE, IMAGE_NAMES, selectImage } from "../../components/services/catalogue.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("an image", () => {
  it("is named as Docker shows it", () => {
    expect(selectImage("postgres").reference).toBe("postgres:17-alpine");
    expect(selectImage("kratos").reference).toBe("oryd/kratos:v26.2.0");
  });

  it("comes from the mirror under its whole path, for every image of the catalogue", () => {
    for (const name of IMAGE_NAMES)
      expect(selectImage(name, { registry: "mirror.example.com/hub" }).reference).toBe(
        `mirror.example.com/hub/${CATALOGUE[name].repository}:${CATALOGUE[name].tag}`,
      );
    expect(selectImage("postgres", { registry: "mirror:5000" }).reference).toBe(
      "mirror:5000/library/postgres:17-alpine",
    );
  });

  it("takes another tag and a digest", () => {
    expect(selectImage("postgres", { pins: { postgres: { tag: "15-alpine" } } }).reference).toBe("postgres:15-alpine");
    expect(selectImage("postgres", { pins: { postgres: { digest: DIGEST } } }).reference).toBe(
      `postgres:17-alpine@${DIGEST}`,
    );
  });

  it("of the stack's own takes the place of the catalogue's, and no mirror of it", () => {
    const own = { apprun: { registry: "ghcr.io", repository: "example/shop", tag: "1.4.2", uid: 1000, gid: 1000 } };
    expect(selectImage("apprun", { registry: "mirror.example.com/hub", own })).toEqual({
      ...own.apprun,
      name: "apprun",
      reference: "ghcr.io/example/shop:1.4.2",
    });
    const hub = { apprun: { ...own.apprun, registry: "docker.io", digest: DIGEST } };
    expect(selectImage("apprun", { own: hub }).reference).toBe(`example/shop:1.4.2@${DIGEST}`);
    expect(selectImage("kratos", { own }).reference).toBe("oryd/kratos:v26.2.0");
  });

  it("never has the tag latest", () => {
    for (const name of IMAGE_NAMES) expect(CATALOGUE[name].tag).not.toBe("latest");
    expect(() => selectImage("grafana", { pins: { grafana: { tag: "latest" } } })).toThrow(
      'image "grafana": got the tag "latest"; allowed: a tag that names one version; set images.pins.grafana.tag to a version such as "12.4.10"',
    );
  });
});

it.each([
  ["postgres", "docker.io", "library/postgres"],
  ["temporalio/server", "docker.io", "temporalio/server"],
  ["localhost/app", "localhost", "app"],
  ["registry:5000/app", "registry:5000", "app"],
  ["quay.io/a/b", "quay.io", "a/b"],
])("%s is of the registry %s under %s", (short, registry, repository) => {
  expect(registryParts(short)).toEqual({ registry, repository });
  expect(repositoryOf({ registry, repository })).toBe(short);
});
