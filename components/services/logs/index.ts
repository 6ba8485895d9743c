import { fromDockerfile } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import type { Service } from "../service.ts";
import { logsRules } from "./rules.ts";
import { logs as settings } from "./settings.ts";

export const logs = {
  name: "logs",
  title: "Logs",
  purpose: "Collects the lines of every container. Alloy brings them, Loki stores them, Grafana shows them.",
  guides: ["observability.md"],
  settings: { logs: settings },
  images: {
    // Made from nothing: its own program checks its health.
    loki: {
      registry: HUB,
      repository: "grafana/loki",
      tag: "3.7.8",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile("2026-11-28", "https://github.com/grafana/loki/blob/v3.7.6/cmd/loki/Dockerfile", {
        platforms: "https://github.com/grafana/loki/blob/v3.7.6/.github/release-workflows.jsonnet",
      }),
      uid: 10001,
      gid: 10001,
    },
    alloy: {
      registry: HUB,
      repository: "grafana/alloy",
      tag: "v1.18.1",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile("2026-11-28", "https://github.com/grafana/alloy/blob/v1.18.1/Dockerfile", {
        platforms: "https://github.com/grafana/alloy/blob/v1.18.1/scripts/docker-containers",
      }),
      uid: 473,
      gid: 473,
    },
  },
  rules: logsRules,
  sizes: ({
    logs: { enabled, resources, collectorResources, storage },
  }: Slice<{ logs: typeof settings }>): readonly Size[] =>
    enabled
      ? [
          { workload: "loki", resources, volumes: { loki: storage } },
          { workload: "alloy", resources: collectorResources },
        ]
      : [],
} as const satisfies Service;
