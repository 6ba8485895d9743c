import { prometheusImage } from "../kit/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import type { Service } from "../service.ts";
import { prometheus as settings } from "./settings.ts";

/** The port of its pages and of its API. */
export const PROMETHEUS_PORT = 9090;

type Own = Slice<{ prometheus: typeof settings }>;

export const prometheus = {
  name: "prometheus",
  title: "Prometheus",
  purpose: "Reads the metrics of every service, stores them and evaluates the alert rules.",
  guides: ["observability.md"],
  settings: { prometheus: settings },
  images: {
    prometheus: {
      registry: HUB,
      repository: "prom/prometheus",
      tag: "v3.15.0",
      platforms: BOTH_PLATFORMS,
      sources: prometheusImage(
        "2026-11-28",
        "https://github.com/prometheus/prometheus/blob/v3.14.0",
        "Makefile.common",
      ),
      probeTool: "wget",
      uid: 65534,
      gid: 65534,
      touchesData: "it writes blocks of its version",
    },
  },
  light: { prometheus: { enabled: false } },
  sizes: ({ prometheus: { enabled, resources, storage } }: Own): readonly Size[] =>
    enabled ? [{ workload: "prometheus", resources, volumes: { prometheus: storage } }] : [],
  pages: [
    {
      name: "prometheus",
      label: "prometheus",
      port: PROMETHEUS_PORT,
      audience: "team",
      rate: "operator",
      on: ({ prometheus: own }: Own) => own.enabled,
    },
  ],
} as const satisfies Service;
