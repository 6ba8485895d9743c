import { BOTH_PLATFORMS, HUB, type CatalogueImage } from "../../model/images.ts";

const TOUCHES_DATA = "its server writes the data";

/** Images of PostgreSQL and of what asks it for figures. */
export const POSTGRES_IMAGES = {
  postgres: {
    registry: HUB,
    repository: "library/postgres",
    tag: "17-alpine",
    platforms: BOTH_PLATFORMS,
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
    uid: 26,
    gid: 26,
    touchesData: TOUCHES_DATA,
  },
  postgresExporter: {
    registry: "quay.io",
    repository: "prometheuscommunity/postgres-exporter",
    tag: "v0.18.1",
    platforms: BOTH_PLATFORMS,
    probeTool: "wget",
    uid: 65534,
    gid: 65534,
  },
} as const satisfies Readonly<Record<string, CatalogueImage>>;
