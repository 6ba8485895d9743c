/** What the whole zone has once: how browsers reach Cloudflare, and how Cloudflare reaches the origin. */
export const ZONE_SETTINGS: Readonly<Record<string, string>> = {
  always_use_https: "on",
  min_tls_version: "1.2",
  // Full (strict): the origin's certificate is checked. Any weaker mode talks plain HTTP to an origin that redirects, for ever.
  ssl: "strict",
  tls_1_3: "on",
  websockets: "on",
};
