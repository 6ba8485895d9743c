import type { Link } from "../kit/link.ts";
import { CACHE_AUTHORITY, cacheAccess, cacheUrl, type CacheServer } from "./server.ts";

/** What the app is told of the cache. */
export function cacheLink(server: CacheServer): Link {
  return {
    environment: { REDIS_HOST: server.host, REDIS_PORT: String(server.port) },
    secrets: { REDIS_URL: { file: "redis-url", content: cacheUrl(server) } },
    authority: { kind: CACHE_AUTHORITY, ca: server.ca },
    connectsTo: cacheAccess(server).connectsTo,
    dependsOn: [server.ready],
  };
}
