import { request } from "node:https";
import { answerOf, type Answer } from "./answer.ts";

interface Cookie {
  readonly value: string;
  readonly domain: string;
  readonly attributes: string;
}

/** An HTTPS client from an address of its own that keeps cookies as a browser does, and follows no redirect. */
export class Visitor {
  readonly #ca: string;
  readonly #address: string;
  readonly #cookies = new Map<string, Cookie>();

  constructor(ca: string, address: string) {
    this.#ca = ca;
    this.#address = address;
  }

  /** Attributes of the cookie whose name begins so. */
  attributesOf(prefix: string): string | undefined {
    return [...this.#cookies].find(([name]) => name.startsWith(prefix))?.[1].attributes;
  }

  ask(
    url: string,
    { method = "GET", json, headers = {} }: { method?: string; json?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const { hostname, port, pathname, search, protocol } = new URL(url);
    if (protocol !== "https:") throw new Error(`a browser would leave HTTPS: ${url}`);
    const body = json === undefined ? undefined : JSON.stringify(json);
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host: "127.0.0.1",
          localAddress: this.#address,
          servername: hostname,
          ca: this.#ca,
          port: Number(port || 443),
          path: `${pathname}${search}`,
          method,
          agent: false,
          timeout: 20_000,
          headers: {
            Host: port === "" ? hostname : `${hostname}:${port}`,
            Accept: "application/json",
            Cookie: this.#sent(hostname),
            ...(body !== undefined && {
              "Content-Type": "application/json",
              "Content-Length": String(Buffer.byteLength(body)),
            }),
            ...headers,
          },
        },
        (response) => {
          this.#keep(hostname, response.headers["set-cookie"] ?? []);
          answerOf(response).then(resolve, reject);
        },
      );
      call.on("error", reject);
      call.on("timeout", () => call.destroy(new Error(`no answer from ${url}`)));
      call.end(body);
    });
  }

  #sent(host: string): string {
    return [...this.#cookies]
      .filter(([, { domain }]) => host === domain || host.endsWith(`.${domain}`))
      .map(([name, { value }]) => `${name}=${value}`)
      .join("; ");
  }

  #keep(host: string, lines: readonly string[]): void {
    for (const line of lines) {
      const [pair = "", ...attributes] = line.split("; ");
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      const named = attributes
        .find((attribute) => /^domain=/i.test(attribute))
        ?.slice(7)
        .replace(/^\./, "");
      if (attributes.some((attribute) => /^max-age=(0|-\d+)$/i.test(attribute))) this.#cookies.delete(name);
      else this.#cookies.set(name, { value, domain: named ?? host, attributes: attributes.join("; ") });
    }
  }
}
