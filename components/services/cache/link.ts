import { address, fact } from "../kit/fact.ts";
import type { Link } from "../kit/link.ts";
import { CACHE_AUTHORITY, cacheAccess, cacheUrl, type CacheServer } from "./server.ts";

/** What the app is told of the cache. */
export function cacheLink(server: CacheServer): Link {
  return {
    facts: {
      "cache.host": fact(server.host),
      "cache.port": fact(server.port),
      "cache.user": fact(server.login.user ?? "default"),
      "cache.password": fact(server.login.password),
      "cache.url": address(cacheUrl(server)),
    },
    environment: { REDIS_HOST: server.host, REDIS_PORT: String(server.port) },
    secrets: { REDIS_URL: { file: "redis-url", content: cacheUrl(server) } },
    authority: { kind: CACHE_AUTHORITY, ca: server.ca },
    connectsTo: cacheAccess(server).connectsTo,
    dependsOn: [server.ready],
  };
}
