import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

// Stands in for api.cloudflare.com/client/v4: paths, bodies and answers as developers.cloudflare.com/api
// publishes them, for what the program uses. A body that the published schema does not allow gets 400, as there.

type Body = Record<string, unknown>;

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
const serviceToken = z.strictObject({ name: z.string(), duration: z.string().optional(), client_secret_version: z.int().min(1).optional() });
const tunnel = z.strictObject({ name: z.string(), config_src: z.enum(["local", "cloudflare"]), tunnel_secret: z.base64().min(44) });
const tunnelConfiguration = z.strictObject({
  config: z.strictObject({ ingress: z.array(z.strictObject({ hostname: z.string().optional(), path: z.string().optional(), service: z.string() })).min(1) }),
  source: z.string().optional(),
});
const ruleset = z.strictObject({
  name: z.string(),
  kind: z.literal("zone"),
  phase: z.enum(["http_request_firewall_custom", "http_request_firewall_managed", "http_ratelimit", "http_request_cache_settings"]),
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
          edge_ttl: z.strictObject({ mode: z.enum(["respect_origin", "bypass_by_default", "override_origin"]) }).optional(),
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
const originPulls = z.strictObject({ config: z.array(z.strictObject({ hostname: z.string(), cert_id: uuid, enabled })).min(1) });
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
const pem = z.strictObject({ certificate: z.string().startsWith("-----BEGIN CERTIFICATE-----"), private_key: z.string().includes("PRIVATE KEY-----") });
const bucket = z.strictObject({ name: z.string(), locationHint: z.string().optional(), storageClass: z.string().optional() });
const zoneSetting = z.strictObject({ id: z.string().optional(), value: z.enum(["on", "strict", "1.2"]) });
const bots = z.strictObject({ fight_mode: z.boolean(), enable_js: z.boolean(), is_robots_txt_managed: z.boolean().optional() });

/** Something with an id of its own, at `path/<id>`. */
interface Collection {
  readonly path: RegExp;
  readonly body: z.ZodType;
  readonly id: (body: Body) => string;
  /** What the answer has on top of what was sent. */
  readonly answer?: (body: Body) => Body;
  /** What is never sent back. */
  readonly hidden?: readonly string[];
}

const newHex = () => randomUUID().replaceAll("-", "");
const COLLECTIONS: readonly Collection[] = [
  { path: /^\/zones\/[^/]+\/dns_records$/, body: dnsRecord, id: newHex, answer: () => ({ settings: {}, tags: [], proxiable: true, meta: {} }) },
  {
    path: /^\/zones\/[^/]+\/rulesets$/,
    body: ruleset,
    id: newHex,
    answer: ({ rules }) => ({ version: "1", rules: (rules as Body[]).map((rule) => ({ id: newHex(), version: "1", ...rule })) }),
  },
  { path: /^\/accounts\/[^/]+\/access\/apps$/, body: accessApplication, id: randomUUID, answer: () => ({ aud: newHex() }) },
  { path: /^\/accounts\/[^/]+\/access\/policies$/, body: accessPolicy, id: randomUUID, answer: () => ({ reusable: true }) },
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
    answer: () => ({ certificate: "-----BEGIN CERTIFICATE-----\nc3RhbmQtaW4=\n-----END CERTIFICATE-----\n", expires_on: "2041-01-01T00:00:00Z" }),
  },
];

/** Something that is there once, written whole. */
const SINGLES: readonly { readonly path: RegExp; readonly body: z.ZodType }[] = [
  { path: /^\/accounts\/[^/]+\/cfd_tunnel\/[^/]+\/configurations$/, body: tunnelConfiguration },
  { path: /^\/accounts\/[^/]+\/r2\/buckets\/[^/]+\/lifecycle$/, body: lifecycle },
  { path: /^\/zones\/[^/]+\/settings\/[a-z0-9_]+$/, body: zoneSetting },
  { path: /^\/zones\/[^/]+\/bot_management$/, body: bots },
];
const PULLS = /^\/zones\/[^/]+\/origin_tls_client_auth\/hostnames$/;

/** A server on the loopback with the zones, objects and token that it is given. */
export class CloudflareApi {
  /** Every object by its path. */
  readonly objects = new Map<string, Body>();
  /** Every call that changes something, as `POST /path`. */
  readonly changes: string[] = [];
  /** What was asked for and is not there, or was refused. */
  readonly refused: string[] = [];
  readonly #server: Server;
  readonly #token: string;
  readonly #zones: Readonly<Record<string, string>>;

  constructor({ token, zones }: { token: string; zones: Readonly<Record<string, string>> }) {
    this.#token = token;
    this.#zones = zones;
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
      });
    });
  }

  /** Starts to listen and returns the API's URL. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/client/v4/`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** The objects below a path, sorted by name. */
  below(path: string): Body[] {
    return [...this.objects]
      .filter(([key]) => key.startsWith(`${path}/`))
      .map(([, body]) => body)
      .sort((a, b) => (String(a["name"]) < String(b["name"]) ? -1 : 1));
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: Body }> {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const path = pathname.replace(/^\/client\/v4/, "").replace(/\/$/, "");
    const method = request.method ?? "GET";
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const refuse = (status: number, message: string) => {
      this.refused.push(`${method} ${path}: ${message}`);
      return { status, body: { success: false, errors: [{ code: 1000 + status, message }], messages: [], result: null } };
    };
    if (request.headers.authorization !== `Bearer ${this.#token}`) return refuse(403, "Invalid access token");
    if (method === "GET" && path === "/zones") return ok(this.#zoneList().filter(({ name }) => name === searchParams.get("name")));
    const zone = this.#zoneList().find(({ id }) => method === "GET" && path === `/zones/${String(id)}`);
    if (zone !== undefined) return ok(zone);
    if (method !== "GET") this.changes.push(`${method} ${path}`);
    const sent = text === "" ? {} : (JSON.parse(text) as Body);
    return this.#collection(method, path, sent, refuse) ?? this.#single(method, path, sent, refuse) ?? refuse(404, "not found");
  }

  #zoneList(): Body[] {
    const time = "2026-01-01T00:00:00Z";
    return Object.entries(this.#zones).map(([name, id]) => ({
      id,
      name,
      status: "active",
      type: "full",
      paused: false,
      development_mode: 0,
      name_servers: [],
      activated_on: time,
      created_on: time,
      modified_on: time,
      account: { id: "a".repeat(32), name: "test" },
      meta: {},
      owner: {},
      plan: {},
      permissions: [],
    }));
  }

  #collection(method: string, path: string, sent: Body, refuse: Refuse): Answer | undefined {
    const parent = path.slice(0, path.lastIndexOf("/"));
    const collection = COLLECTIONS.find(({ path: pattern }) => pattern.test(method === "POST" ? path : parent));
    if (collection === undefined || (method !== "POST" && SINGLES.some((single) => single.path.test(path)))) return undefined;
    const known = this.objects.get(path);
    if (method !== "POST" && known === undefined) return refuse(404, "not found");
    const shown = (body: Body) => ok(Object.fromEntries(Object.entries(body).filter(([key]) => collection.hidden?.includes(key) !== true)));
    if (method === "GET") return shown(known ?? {});
    if (method === "DELETE") {
      this.objects.delete(path);
      return ok({ id: known?.["id"] });
    }
    const { success, error } = (method === "PATCH" ? (collection.body as z.ZodObject).partial() : collection.body).safeParse(sent);
    if (!success) return refuse(400, z.prettifyError(error));
    const id = method === "POST" ? collection.id(sent) : String(known?.["id"]);
    const now = "2026-01-01T00:00:00Z";
    const body = { ...(method === "POST" ? {} : known), id, created_at: now, created_on: now, ...sent, ...collection.answer?.(sent), ...keep(known) };
    this.objects.set(method === "POST" ? `${path}/${id}` : path, body);
    return shown(body);
  }

  #single(method: string, path: string, sent: Body, refuse: Refuse): Answer | undefined {
    if (PULLS.test(path) && method === "PUT") {
      const { success, error } = originPulls.safeParse(sent);
      if (!success) return refuse(400, z.prettifyError(error));
      for (const entry of sent["config"] as Body[])
        this.objects.set(`${path}/${String(entry["hostname"])}`, { ...entry, status: "active", cert_status: "active" });
      return ok(sent["config"]);
    }
    if (PULLS.test(path.slice(0, path.lastIndexOf("/")))) return this.objects.has(path) ? ok(this.objects.get(path)) : refuse(404, "not found");
    const single = SINGLES.find(({ path: pattern }) => pattern.test(path));
    if (single === undefined) return undefined;
    if (method === "GET") return this.objects.has(path) ? ok(this.objects.get(path)) : refuse(404, "not found");
    if (method === "DELETE") {
      this.objects.delete(path);
      return ok({});
    }
    const { success, error } = single.body.safeParse(sent);
    if (!success) return refuse(400, z.prettifyError(error));
    const body = { id: path.split("/").at(-1), editable: true, ...sent };
    this.objects.set(path, body);
    return ok(body);
  }
}

type Answer = { status: number; body: Body };
type Refuse = (status: number, message: string) => Answer;

function ok(result: unknown): Answer {
  const info = Array.isArray(result) ? { result_info: { page: 1, per_page: 20, total_pages: 1, count: result.length, total_count: result.length } } : {};
  return { status: 200, body: { success: true, errors: [], messages: [], result, ...info } };
}

/** What an update does not make anew. */
function keep(known: Body | undefined): Body {
  const { aud, client_id, client_secret } = known ?? {};
  return Object.fromEntries(Object.entries({ aud, client_id, client_secret }).filter(([, value]) => value !== undefined));
}
