import { prometheusImage } from "../kit/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import { flag } from "../../settings/kit/scalars.ts";
import { watched, type Watched } from "../kit/watched.ts";
import type { Service } from "../service.ts";

export const host = {
  name: "host",
  title: "Host metrics",
  purpose:
    "Reports processors, memory and disk of the host (Prometheus' node exporter). It runs on a Docker host only.",
  guides: ["observability.md"],
  settings: {},
  exporters: { host: flag().default(true).describe("Processors, memory and disk of a single host.") },
  images: {
    nodeExporter: {
      registry: HUB,
      repository: "prom/node-exporter",
      tag: "v1.12.1",
      platforms: BOTH_PLATFORMS,
      sources: prometheusImage("2026-11-28", "https://github.com/prometheus/node_exporter/blob/v1.12.1", "Makefile"),
      probeTool: "wget",
      uid: 65534,
      gid: 65534,
    },
  },
  sizes: ({ platform, ...rest }: { readonly platform: string } & Watched<"host">): readonly Size[] =>
    platform === "docker" ? watched("host", rest) : [],
} as const satisfies Service;
