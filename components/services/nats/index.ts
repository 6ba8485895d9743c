import { fromDockerfile } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import { flag } from "../../settings/kit/scalars.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import { watched, type Watched } from "../kit/watched.ts";
import type { Service } from "../service.ts";
import { nats as settings } from "./settings.ts";

/** What Docker Hub has under the server's tag, as its maintainers wrote it down. */
const SERVER =
  "https://github.com/docker-library/repo-info/blob/1dfc5a9be1b9bc63bac31286642a64a82730beb7/repos/nats/remote/2.15-alpine.md";

export const nats = {
  name: "nats",
  title: "NATS",
  purpose: "Keeps events until they are read, also through a restart (NATS with JetStream).",
  guides: ["observability.md"],
  settings: { nats: settings },
  exporters: { nats: flag().default(true).describe("NATS, through its monitoring port; only with nats.enabled.") },
  images: {
    nats: {
      registry: HUB,
      repository: "library/nats",
      tag: "2.15-alpine",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile("2026-11-28", SERVER, { platforms: SERVER }),
      probeTool: "wget",
      uid: 1000,
      gid: 1000,
    },
    natsExporter: {
      registry: HUB,
      repository: "natsio/prometheus-nats-exporter",
      tag: "0.20.1",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile(
        "2026-11-28",
        "https://github.com/nats-io/prometheus-nats-exporter/blob/v0.20.1/cicd/Dockerfile",
        { platforms: "https://github.com/nats-io/prometheus-nats-exporter/blob/v0.20.1/docker-bake.hcl" },
      ),
      probeTool: "wget",
      uid: 65534,
      gid: 65534,
    },
  },
  rotated: { "nats-password": { reaches: "the server's users file", restarts: "NATS and the app" } },
  target: {
    name: "nats",
    on: { setting: "nats.enabled", isOn: ({ nats: { enabled } }: Slice<{ nats: typeof settings }>) => enabled },
  },
  sizes: ({
    nats: { enabled, resources, storage },
    ...rest
  }: Slice<{ nats: typeof settings }> & Watched<"nats">): readonly Size[] =>
    enabled ? [{ workload: "nats", resources, volumes: { nats: storage } }, ...watched("nats", rest)] : [],
} as const satisfies Service;
