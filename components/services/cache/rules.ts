import { mebibytes } from "../../model/units.ts";
import { certificateProblem } from "../../settings/kit/certificate.ts";
import { problem, type Given, type Rule, type Slice } from "../../settings/kit/rule.ts";
import type { cache } from "./settings.ts";

/** What the rules read. */
type Read = Slice<{ cache: typeof cache }> & Given<"cachePassword">;

/** The part of a cache's memory that may hold data: rewriting the append-only file forks, and pages written meanwhile exist twice. */
const CACHE_DATA_SHARE = 0.75;

/** The cache, its own or a managed one. */
export const cacheRules: readonly Rule<Read>[] = [
  ({ cache }) =>
    cache.mode === "container" && cache.external !== undefined
      ? problem(
          "cache.external",
          "a map",
          "nothing with cache.mode container",
          "set cache.mode to external or remove cache.external",
        )
      : undefined,
  ({ cache }) =>
    cache.mode === "external" && cache.external === undefined
      ? problem(
          "cache.external",
          "nothing",
          "host, port, tls and username of the server",
          "add it or set cache.mode to container",
        )
      : undefined,
  ({ cache, secrets }) =>
    cache.mode === "external" && secrets.cachePassword === undefined
      ? problem(
          "cachePassword",
          "nothing",
          "a secret with cache.mode external",
          "run: pulumi config set --secret apprun:cachePassword",
        )
      : undefined,
  ({ cache, secrets }) =>
    cache.mode === "container" && secrets.cachePassword !== undefined
      ? problem(
          "cachePassword",
          "a secret",
          "nothing with cache.mode container, which makes its own",
          "remove it or set cache.mode to external",
        )
      : undefined,
  ({ cache: { external } }) =>
    external?.ca !== undefined && !external.tls
      ? problem(
          "cache.external.ca",
          "a certificate",
          "nothing with cache.external.tls false",
          "remove it or set tls to true",
        )
      : certificateProblem("cache.external.ca", external?.ca),
  ({ cache }) => {
    if (cache.mode === "external") return undefined;
    const most = Math.floor(mebibytes(cache.resources.limits.memory) * CACHE_DATA_SHARE);
    return mebibytes(cache.maxMemory) > most
      ? problem(
          "cache.maxMemory",
          JSON.stringify(cache.maxMemory),
          `at most ${most}Mi, three quarters of cache.resources.limits.memory`,
          "lower it or raise the limit",
        )
      : undefined;
  },
];
