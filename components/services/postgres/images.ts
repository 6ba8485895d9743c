import { fromDockerfile } from "../../model/image-sources.ts";
import { officialImage, prometheusImage } from "../kit/image-sources.ts";
import { BOTH_PLATFORMS, HUB, type CatalogueImage } from "../../model/images.ts";

const TOUCHES_DATA = "its server writes the data";

/** Images of PostgreSQL and of what asks it for figures. */
export const POSTGRES_IMAGES = {
  postgres: {
    registry: HUB,
    repository: "library/postgres",
    tag: "17-alpine",
    platforms: BOTH_PLATFORMS,
    sources: fromDockerfile(
      "2026-11-28",
      "https://github.com/docker-library/postgres/blob/6edb0a8c4def40c371514b34aef9037ec82d9110/17/alpine3.22/Dockerfile",
      { platforms: officialImage("postgres") },
    ),
    uid: 70,
    gid: 70,
    debian: { uid: 999, gid: 999 },
    touchesData: TOUCHES_DATA,
  },
  postgresCluster: {
    registry: "ghcr.io",
    repository: "cloudnative-pg/postgresql",
    tag: "17.11-standard-trixie",
    platforms: BOTH_PLATFORMS,
    sources: fromDockerfile(
      "2026-11-28",
      "https://github.com/cloudnative-pg/postgres-containers/blob/a949ae5871b3685ebd569070fe8657e261328e7f/Dockerfile",
      {
        platforms:
          "https://github.com/cloudnative-pg/postgres-containers/blob/a949ae5871b3685ebd569070fe8657e261328e7f/docker-bake.hcl",
      },
    ),
    uid: 26,
    gid: 26,
    touchesData: TOUCHES_DATA,
  },
  postgresExporter: {
    registry: "quay.io",
    repository: "prometheuscommunity/postgres-exporter",
    tag: "v0.20.1",
    platforms: BOTH_PLATFORMS,
    sources: prometheusImage(
      "2026-11-28",
      "https://github.com/prometheus-community/postgres_exporter/blob/v0.20.1",
      "Makefile",
    ),
    probeTool: "wget",
    uid: 65534,
    gid: 65534,
  },
} as const satisfies Readonly<Record<string, CatalogueImage>>;
