import { fromDockerfile } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS, HUB, type CatalogueImage } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import { flag } from "../../settings/kit/scalars.ts";
import { prometheusImage } from "../kit/image-sources.ts";
import { watched, type Watched } from "../kit/watched.ts";
import type { Service } from "../service.ts";
import { pgbouncerRules } from "./rules.ts";
import { pgbouncer as settings } from "./settings.ts";

const IMAGE = {
  registry: HUB,
  repository: "edoburu/pgbouncer",
  tag: "v1.25.2-p0",
  platforms: BOTH_PLATFORMS,
  sources: fromDockerfile(
    "2026-11-28",
    "https://github.com/edoburu/docker-pgbouncer/blob/0ac4ce532bafdceb7bb078b30aae34f09ff06869/Dockerfile",
    { platforms: "https://github.com/edoburu/docker-pgbouncer/blob/0ac4ce532bafdceb7bb078b30aae34f09ff06869/Makefile" },
  ),
  uid: 70,
  gid: 70,
} as const satisfies CatalogueImage;

export const pgbouncer = {
  name: "pgbouncer",
  title: "PgBouncer",
  purpose: "Lets many connections of the app and of your services share few to PostgreSQL.",
  guides: ["pgbouncer.md"],
  settings: { pgbouncer: settings },
  exporters: {
    pgbouncer: flag()
      .default(true)
      .describe("PgBouncer, through the console of one replica at a time; only with pgbouncer.enabled."),
  },
  images: {
    pgbouncer: IMAGE,
    pgbouncerExporter: {
      registry: "quay.io",
      repository: "prometheuscommunity/pgbouncer-exporter",
      tag: "v0.12.1",
      platforms: BOTH_PLATFORMS,
      sources: prometheusImage(
        "2026-11-28",
        "https://github.com/prometheus-community/pgbouncer_exporter/blob/v0.12.1",
        "Makefile",
      ),
      probeTool: "wget",
      uid: 65534,
      gid: 65534,
    },
  },
  rotated: {
    "pgbouncer-stats": { reaches: "PgBouncer's file of users", restarts: "PgBouncer and its exporter" },
  },
  rules: pgbouncerRules(IMAGE),
  sizes: ({
    pgbouncer: { enabled, resources, replicas },
    ...rest
  }: Slice<{ pgbouncer: typeof settings }> & Watched<"pgbouncer">): readonly Size[] =>
    enabled ? [{ workload: "pgbouncer", resources, replicas }, ...watched("pgbouncer", rest)] : [],
} as const satisfies Service;
