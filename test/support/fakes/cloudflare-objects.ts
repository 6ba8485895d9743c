import { randomUUID } from "node:crypto";
import { z } from "zod";

// Paths, bodies and answers as developers.cloudflare.com/api publishes them, for what the program uses.

export type Body = Record<string, unknown>;

const hex32 = z.string().regex(/^[0-9a-f]{32}$/);
const uuid = z.uuid();
const span = z.string().regex(/^\d+[mh]$/);
const enabled = z.boolean();

const dnsRecord = z.strictObject({
  name: z.string().max(255),
  type: z.enum(["A", "AAAA", "CNAME"]),
  content: z.string(),
  proxied: z.boolean(),
  ttl: z.literal(1),
  comment: z.string().max(100).optional(),
});
const accessRule = z.union([
  z.strictObject({ email_domain: z.strictObject({ domain: z.string() }) }),
  z.strictObject({ email: z.strictObject({ email: z.email() }) }),
  z.strictObject({ service_token: z.strictObject({ token_id: uuid }) }),
]);
const accessPolicy = z.strictObject({
  name: z.string(),
  decision: z.enum(["allow", "deny", "non_identity", "bypass"]),
  include: z.array(accessRule).min(1),
  exclude: z.array(accessRule).optional(),
  require: z.array(accessRule).optional(),
  session_duration: span.optional(),
});
const accessApplication = z.strictObject({
  name: z.string(),
  type: z.literal("self_hosted"),
  destinations: z.array(z.strictObject({ type: z.literal("public"), uri: z.string() })).min(1),
  session_duration: span,
  app_launcher_visible: z.boolean(),
  http_only_cookie_attribute: z.boolean(),
  policies: z.array(z.strictObject({ id: uuid, precedence: z.int().min(1) })).min(1),
});
const serviceToken = z.strictObject({
  name: z.string(),
  duration: z.string().optional(),
  client_secret_version: z.int().min(1).optional(),
});
const tunnel = z.strictObject({
  name: z.string(),
  config_src: z.enum(["local", "cloudflare"]),
  tunnel_secret: z.base64().min(44),
});
const tunnelConfiguration = z.strictObject({
  config: z.strictObject({
    ingress: z
      .array(z.strictObject({ hostname: z.string().optional(), path: z.string().optional(), service: z.string() }))
      .min(1),
  }),
  source: z.string().optional(),
});
const ruleset = z.strictObject({
  name: z.string(),
  kind: z.literal("zone"),
  phase: z.enum([
    "http_request_firewall_custom",
    "http_request_firewall_managed",
    "http_ratelimit",
    "http_request_cache_settings",
  ]),
  description: z.string().optional(),
  rules: z.array(
    z.strictObject({
      id: z.string().optional(),
      ref: z.string(),
      description: z.string(),
      enabled,
      expression: z.string(),
      action: z.enum(["block", "execute", "set_cache_settings"]),
      action_parameters: z
        .strictObject({
          id: hex32.optional(),
          cache: z.boolean().optional(),
          edge_ttl: z
            .strictObject({ mode: z.enum(["respect_origin", "bypass_by_default", "override_origin"]) })
            .optional(),
          browser_ttl: z.strictObject({ mode: z.enum(["respect_origin", "bypass", "override_origin"]) }).optional(),
        })
        .optional(),
      ratelimit: z
        .strictObject({
          characteristics: z.array(z.string()).refine((list) => list.includes("cf.colo.id"), "cf.colo.id is required"),
          period: z.literal([10, 60, 120, 300, 600, 3600]),
          requests_per_period: z.int().min(1),
          requests_to_origin: z.boolean().optional(),
          mitigation_timeout: z.literal([0, 10, 60, 120, 300, 600, 3600, 86_400]),
        })
        .optional(),
    }),
  ),
});
export const originPulls = z.strictObject({
  config: z.array(z.strictObject({ hostname: z.string(), cert_id: uuid, enabled })).min(1),
});
const age = z.strictObject({ condition: z.strictObject({ type: z.literal("Age"), maxAge: z.int() }) });
const lifecycle = z.strictObject({
  rules: z.array(
    z.strictObject({
      id: z.string(),
      enabled,
      conditions: z.strictObject({ prefix: z.string() }),
      deleteObjectsTransition: age.optional(),
      abortMultipartUploadsTransition: age.optional(),
    }),
  ),
});
const originCertificate = z.strictObject({
  csr: z.string().startsWith("-----BEGIN CERTIFICATE REQUEST-----"),
  hostnames: z.array(z.string()).min(1),
  request_type: z.enum(["origin-rsa", "origin-ecc"]),
  requested_validity: z.literal([7, 30, 90, 365, 730, 1095, 5475]),
});
const pem = z.strictObject({
  certificate: z.string().startsWith("-----BEGIN CERTIFICATE-----"),
  private_key: z.string().includes("PRIVATE KEY-----"),
});
const bucket = z.strictObject({
  name: z.string(),
  locationHint: z.string().optional(),
  storageClass: z.string().optional(),
});
const zoneSetting = z.strictObject({ id: z.string().optional(), value: z.enum(["on", "strict", "1.2"]) });
const bots = z.strictObject({
  fight_mode: z.boolean(),
  enable_js: z.boolean(),
  is_robots_txt_managed: z.boolean().optional(),
});

/** Something with an id of its own, at `path/<id>`. */
export interface Collection {
  readonly path: RegExp;
  readonly body: z.ZodType;
  readonly id: (body: Body) => string;
  /** What the answer has on top of what was sent. */
  readonly answer?: (body: Body) => Body;
  /** What is never sent back. */
  readonly hidden?: readonly string[];
}

const newHex = () => randomUUID().replaceAll("-", "");
export const COLLECTIONS: readonly Collection[] = [
  {
    path: /^\/zones\/[^/]+\/dns_records$/,
    body: dnsRecord,
    id: newHex,
    answer: () => ({ settings: {}, tags: [], proxiable: true, meta: {} }),
  },
  {
    path: /^\/zones\/[^/]+\/rulesets$/,
    body: ruleset,
    id: newHex,
    answer: ({ rules }) => ({
      version: "1",
      rules: (rules as Body[]).map((rule) => ({ id: newHex(), version: "1", ...rule })),
    }),
  },
  {
    path: /^\/accounts\/[^/]+\/access\/apps$/,
    body: accessApplication,
    id: randomUUID,
    answer: () => ({ aud: newHex() }),
  },
  {
    path: /^\/accounts\/[^/]+\/access\/policies$/,
    body: accessPolicy,
    id: randomUUID,
    answer: () => ({ reusable: true }),
  },
  {
    path: /^\/accounts\/[^/]+\/access\/service_tokens$/,
    body: serviceToken,
    id: randomUUID,
    answer: () => ({ client_id: `${newHex()}.access`, client_secret: newHex(), duration: "8760h" }),
  },
  {
    path: /^\/accounts\/[^/]+\/cfd_tunnel$/,
    body: tunnel,
    id: randomUUID,
    answer: () => ({ status: "inactive", tun_type: "cfd_tunnel", remote_config: true }),
    hidden: ["tunnel_secret"],
  },
  {
    path: /^\/accounts\/[^/]+\/r2\/buckets$/,
    body: bucket,
    id: ({ name }) => String(name),
    answer: () => ({ jurisdiction: "default", storage_class: "Standard" }),
  },
  {
    path: /^\/zones\/[^/]+\/origin_tls_client_auth\/hostnames\/certificates$/,
    body: pem,
    id: randomUUID,
    answer: () => ({ status: "active" }),
    hidden: ["private_key"],
  },
  {
    path: /^\/certificates$/,
    body: originCertificate,
    id: newHex,
    answer: () => ({
      certificate: "-----BEGIN CERTIFICATE-----\nc3RhbmQtaW4=\n-----END CERTIFICATE-----\n",
      expires_on: "2041-01-01T00:00:00Z",
    }),
  },
];

/** Something that is there once, written whole. */
export const SINGLES: readonly { readonly path: RegExp; readonly body: z.ZodType }[] = [
  { path: /^\/accounts\/[^/]+\/cfd_tunnel\/[^/]+\/configurations$/, body: tunnelConfiguration },
  { path: /^\/accounts\/[^/]+\/r2\/buckets\/[^/]+\/lifecycle$/, body: lifecycle },
  { path: /^\/zones\/[^/]+\/settings\/[a-z0-9_]+$/, body: zoneSetting },
  { path: /^\/zones\/[^/]+\/bot_management$/, body: bots },
];
export const PULLS = /^\/zones\/[^/]+\/origin_tls_client_auth\/hostnames$/;
