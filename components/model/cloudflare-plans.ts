/** Plans of a zone, the cheapest first. */
export const PLANS = ["free", "pro", "business", "enterprise"] as const;
export type Plan = (typeof PLANS)[number];

/** What a plan of a zone has. */
export interface PlanLimits {
  /** Largest body of a request, in megabytes as Cloudflare counts them. */
  readonly body: number;
  /** Rules of each phase that may look at a host name. */
  readonly rules: Readonly<Record<string, number>>;
}

/**
 * Of developers.cloudflare.com: "Rate limiting rules" (those of the free plan see
 * paths only, so none of them can be for one stack), "Custom rules", "Cache
 * Rules", and the upload limits of "Error 413".
 */
export const PLAN_LIMITS: Readonly<Record<Plan, PlanLimits>> = {
  free: limits(100, 0, 5, 10),
  pro: limits(100, 2, 20, 25),
  business: limits(200, 5, 100, 50),
  enterprise: limits(500, 100, 1000, 300),
};

function limits(body: number, rates: number, firewall: number, cache: number): PlanLimits {
  return {
    body,
    rules: {
      http_ratelimit: rates,
      http_request_firewall_custom: firewall,
      http_request_cache_settings: cache,
    },
  };
}

/** Seconds that Cloudflare waits for an answer to begin, on every plan: "Error 524". */
export const LONGEST_ANSWER = 100;
