import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { COLLECTIONS, originPulls, PULLS, SINGLES, type Body } from "./cloudflare-objects.ts";

// Stands in for api.cloudflare.com/client/v4. A body that the published schema does not allow gets 400, as there.

/** A server on the loopback with the zones, objects and token that it is given. */
export class CloudflareApi {
  /** Every object by its path. */
  readonly objects = new Map<string, Body>();
  /** Every call that changes something, as `POST /path`. */
  readonly changes: string[] = [];
  /** What was asked for and is not there, or was refused. */
  readonly refused: string[] = [];
  /** Calls that the token has no permission for, as `DELETE /path`. */
  readonly forbidden = new Set<string>();
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
      return {
        status,
        body: { success: false, errors: [{ code: 1000 + status, message }], messages: [], result: null },
      };
    };
    if (request.headers.authorization !== `Bearer ${this.#token}`) return refuse(403, "Invalid access token");
    if (this.forbidden.has(`${method} ${path}`)) return refuse(403, "Authentication error");
    if (method === "GET" && path === "/zones")
      return page(
        this.#zoneList().filter(({ name }) => name === searchParams.get("name")),
        searchParams,
      );
    const zone = this.#zoneList().find(({ id }) => method === "GET" && path === `/zones/${String(id)}`);
    if (zone !== undefined) return ok(zone);
    if (method !== "GET") this.changes.push(`${method} ${path}`);
    if (method === "GET" && COLLECTIONS.some((collection) => collection.path.test(path)))
      return page(this.#list(path), searchParams);
    const sent = text === "" ? {} : (JSON.parse(text) as Body);
    return (
      this.#collection(method, path, sent, refuse) ??
      this.#single(method, path, sent, refuse) ??
      refuse(404, "not found")
    );
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

  #list(path: string): readonly Body[] {
    return this.below(path).filter(({ id }) => this.objects.has(`${path}/${String(id)}`));
  }

  #collection(method: string, path: string, sent: Body, refuse: Refuse): Answer | undefined {
    const parent = path.slice(0, path.lastIndexOf("/"));
    const collection = COLLECTIONS.find(({ path: pattern }) => pattern.test(method === "POST" ? path : parent));
    if (collection === undefined || (method !== "POST" && SINGLES.some((single) => single.path.test(path))))
      return undefined;
    const known = this.objects.get(path);
    if (method !== "POST" && known === undefined) return refuse(404, "not found");
    const shown = (body: Body) =>
      ok(Object.fromEntries(Object.entries(body).filter(([key]) => collection.hidden?.includes(key) !== true)));
    if (method === "GET") return shown(known ?? {});
    if (method === "DELETE") {
      this.objects.delete(path);
      return ok({ id: known?.["id"] });
    }
    const { success, error } = (
      method === "PATCH" ? (collection.body as z.ZodObject).partial() : collection.body
    ).safeParse(sent);
    if (!success) return refuse(400, z.prettifyError(error));
    const id = method === "POST" ? collection.id(sent) : String(known?.["id"]);
    const now = "2026-01-01T00:00:00Z";
    const body = {
      ...(method === "POST" ? {} : known),
      id,
      created_at: now,
      created_on: now,
      ...sent,
      ...collection.answer?.(sent),
      ...keep(known),
    };
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
    if (PULLS.test(path.slice(0, path.lastIndexOf("/"))))
      return this.objects.has(path) ? ok(this.objects.get(path)) : refuse(404, "not found");
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

interface Answer {
  status: number;
  body: Body;
}
type Refuse = (status: number, message: string) => Answer;

function ok(result: unknown): Answer {
  return { status: 200, body: { success: true, errors: [], messages: [], result } };
}

/** Entries of a page, however many are asked for: nobody may take the first page for all. */
const PAGE = 2;

function page(all: readonly Body[], query: URLSearchParams): Answer {
  const number = Number(query.get("page") ?? 1);
  const result = all.slice((number - 1) * PAGE, number * PAGE);
  const info = {
    page: number,
    per_page: PAGE,
    count: result.length,
    total_count: all.length,
    total_pages: Math.ceil(all.length / PAGE),
  };
  return { status: 200, body: { success: true, errors: [], messages: [], result, result_info: info } };
}

/** What an update does not make again. */
function keep(known: Body | undefined): Body {
  const { aud, client_id, client_secret } = known ?? {};
  return Object.fromEntries(
    Object.entries({ aud, client_id, client_secret }).filter(([, value]) => value !== undefined),
  );
}
