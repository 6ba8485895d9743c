import { officialImage } from "../kit/image-sources.ts";
import { fromDockerfile, NOT_VERIFIED } from "../../model/image-sources.ts";
import { BOTH_PLATFORMS, HUB } from "../../model/images.ts";
import type { Size } from "../../model/size.ts";
import { flag } from "../../settings/kit/scalars.ts";
import type { Slice } from "../../settings/kit/rule.ts";
import { watched, type Watched } from "../kit/watched.ts";
import type { Service } from "../service.ts";
import { cacheRules } from "./rules.ts";
import { cache as settings } from "./settings.ts";

const USER = { uid: 999, gid: 1000, debian: { uid: 999, gid: 999 } } as const;
const MOVES = "the server takes the current and the one before, so consumers move one after another";

export const cache = {
  name: "cache",
  title: "Cache",
  purpose: "Valkey or Redis: cache and event store of the app, and what the nodes of Centrifugo share.",
  guides: ["databases.md"],
  settings: { cache: settings },
  exporters: { cache: flag().default(true).describe("The cache, through a user of its own.") },
  images: {
    valkey: {
      registry: HUB,
      repository: "valkey/valkey",
      tag: "8-alpine",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile(
        "2026-11-28",
        "https://github.com/valkey-io/valkey-container/blob/00a2b211887fd46775bba37c554167a19783cca4/8.1/alpine/Dockerfile",
        { platforms: NOT_VERIFIED },
      ),
      ...USER,
    },
    redis: {
      registry: HUB,
      repository: "library/redis",
      tag: "7-alpine",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile(
        "2026-11-28",
        "https://github.com/redis/docker-library-redis/blob/0076c90a8028d29b25313f7272fa2d1245c3be76/alpine/Dockerfile",
        { platforms: officialImage("redis") },
      ),
      ...USER,
    },
    // Made from nothing: it has no tool but itself.
    redisExporter: {
      registry: HUB,
      repository: "oliver006/redis_exporter",
      tag: "v1.91.1",
      platforms: BOTH_PLATFORMS,
      sources: fromDockerfile("2026-11-28", "https://github.com/oliver006/redis_exporter/blob/v1.88.0/Dockerfile", {
        platforms: "https://github.com/oliver006/redis_exporter/blob/v1.88.0/.github/workflows/release.yml",
      }),
      uid: 59000,
      gid: 59000,
    },
  },
  light: {
    cache: { maxMemory: "16Mi", resources: { requests: { memory: "16Mi" }, limits: { memory: "32Mi" } } },
  },
  rotated: {
    "cache-password": { reaches: MOVES, restarts: "the cache, which keeps its data, and all that use it" },
    "cache-monitoring": { reaches: MOVES, restarts: "the cache, which keeps its data, and its exporter" },
  },
  givenSecrets: { cachePassword: "Password of cache.external.username" },
  rules: cacheRules,
  target: { name: "cache" },
  outsideServers: ({ cache: { external } }: Slice<{ cache: typeof settings }>) => [
    { setting: "cache.external.host", at: external?.host },
  ],
  sizes: ({
    cache: { mode, resources, storage },
    ...rest
  }: Slice<{ cache: typeof settings }> & Watched<"cache">): readonly Size[] => [
    ...(mode === "external" ? [] : [{ workload: "cache", resources, volumes: { cache: storage } }]),
    ...watched("cache", rest),
  ],
} as const satisfies Service;
