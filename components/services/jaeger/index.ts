import { fromDockerfile } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import type { Service } from "../service.ts";
import { tracing } from "./settings.ts";

/** The port of its pages and of its API. */
export const JAEGER_PORT = 16686;

type Own = Slice<{ tracing: typeof tracing }>;

export const jaeger = {
  name: "jaeger",
  title: "Jaeger",
  purpose: "Stores traces of requests and shows them.",
  guides: ["observability.md"],
  settings: { tracing },
  images: {
    jaeger: {
      registry: HUB,
      repository: "jaegertracing/jaeger",
      tag: "2.20.0",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile(
        "2026-11-28",
        "https://github.com/jaegertracing/jaeger/blob/v2.20.0/cmd/jaeger/Dockerfile",
        {
          platforms: "https://github.com/jaegertracing/jaeger/blob/v2.20.0/Makefile",
          tools: "https://github.com/jaegertracing/jaeger/blob/v2.20.0/scripts/build/docker/base/Dockerfile",
        },
      ),
      probeTool: "wget",
      uid: 10001,
      gid: 10001,
    },
  },
  target: { name: "jaeger", on: { setting: "tracing.enabled", isOn: ({ tracing: { enabled } }: Own) => enabled } },
  sizes: ({ tracing: { enabled, resources, storage } }: Own): readonly Size[] =>
    enabled ? [{ workload: "jaeger", resources, volumes: { jaeger: storage } }] : [],
  pages: [
    {
      name: "jaeger",
      label: "jaeger",
      port: JAEGER_PORT,
      audience: "team",
      rate: "operator",
      on: ({ tracing }: Own) => tracing.enabled,
    },
  ],
} as const satisfies Service;
