import { mebibytes } from "../../model/units.js";
import { problem, type Rule } from "./rule.js";

/** The part of a cache's memory that may hold data: rewriting the append-only file forks, and pages written meanwhile exist twice. */
const CACHE_DATA_SHARE = 0.75;

/** Memory of the cache. */
export const cacheRules: readonly Rule[] = [
  ({ cache }) => {
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
