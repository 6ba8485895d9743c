import type { ComponentResource } from "@pulumi/pulumi";
import type { Settings } from "./settings.ts";
import { ModelError } from "../model/errors.ts";
import { Cache } from "../services/cache/cache.ts";
import type { CacheServer } from "../services/cache/server.ts";
import { ExternalCache } from "../services/cache/external-cache.ts";
import type { Shared } from "./shared.ts";

/** A cache of the stack's own or a managed one; the settings' rules make sure that what the latter needs is there. */
export function createCache(
  { cache, exporters, prometheus, secrets }: Settings,
  shared: Shared,
  parent: ComponentResource,
): CacheServer {
  const monitored = prometheus.enabled && exporters.cache;
  if (cache.mode === "container") return new Cache("cache", { ...shared, ...cache, monitored }, { parent });
  const { external } = cache;
  if (external === undefined || secrets.cachePassword === undefined)
    throw new ModelError({
      got: "apprun:cache.external or apprun:cachePassword: missing",
      allowed: "both with cache.mode external",
      fix: "set them",
    });
  const login = { user: external.username, password: secrets.cachePassword };
  return new ExternalCache("cache", { ...shared, ...cache, ...external, login, monitored }, { parent });
}
