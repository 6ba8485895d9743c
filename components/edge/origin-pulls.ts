/** Who the client certificate says it is. */
export const ORIGIN_PULL_COMMON_NAME = "cloudflare origin pull";
