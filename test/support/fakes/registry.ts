import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One tag: platforms of a list, or the only platform of a plain manifest. */
export interface FakeTag {
  readonly digest: string;
  readonly platforms?: readonly string[];
  readonly only?: string;
}

/** Who may read, and whether the registry asks for it itself or at its token service. */
export interface FakeLogin {
  readonly username: string;
  readonly password: string;
  readonly asks: "basic" | "bearer";
}

const platformOf = (text: string) => {
  const [os = "", architecture = ""] = text.split("/");
  return { os, architecture };
};

/** A registry that speaks HTTP and gives tokens for one repository each, as Docker Hub, ghcr.io and quay.io do, or asks for a password itself. */
export class FakeRegistry {
  /** What it was asked, in order, without its own tokens. */
  readonly asked: string[] = [];
  readonly #repositories: Readonly<Record<string, Readonly<Record<string, FakeTag>>>>;
  readonly #server = createServer((request, response) => {
    this.#answer(request, response);
  });

  readonly #login: FakeLogin | undefined;

  /** @param login who may read; everybody when absent */
  constructor(repositories: Readonly<Record<string, Readonly<Record<string, FakeTag>>>>, login?: FakeLogin) {
    this.#repositories = repositories;
    this.#login = login;
  }

  async start(): Promise<string> {
    await new Promise((resolve) =>
      this.#server.listen(0, "127.0.0.1", () => {
        resolve(undefined);
      }),
    );
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
  }

  #answer({ url = "", headers }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, `http://${headers.host ?? ""}`);
    this.asked.push(url);
    const json = (status: number, body: unknown, more: Record<string, string> = {}) =>
      response.writeHead(status, { "Content-Type": "application/json", ...more }).end(JSON.stringify(body));
    const own =
      this.#login && `Basic ${Buffer.from(`${this.#login.username}:${this.#login.password}`).toString("base64")}`;
    if (pathname === "/token")
      return own === undefined || headers.authorization === own
        ? void json(200, { token: `for ${searchParams.get("scope") ?? ""}` })
        : void json(401, { errors: [{ code: "UNAUTHORIZED" }] });
    const [, repository = "", kind = "", name = ""] = /^\/v2\/(.+)\/(manifests|tags|blobs)\/(.+)$/.exec(pathname) ?? [];
    const scope = `repository:${repository}:pull`;
    if (this.#login?.asks === "basic") {
      if (headers.authorization !== own) return void json(401, {}, { "WWW-Authenticate": 'Basic realm="fake"' });
    } else if (headers.authorization !== `Bearer for ${scope}`)
      return void json(
        401,
        {},
        {
          "WWW-Authenticate": `Bearer realm="http://${headers.host ?? ""}/token",service="fake",scope="${scope}"`,
        },
      );
    const tags = this.#repositories[repository];
    if (tags === undefined) return void json(404, { errors: [{ code: "NAME_UNKNOWN" }] });
    if (kind === "tags") {
      this.#page(Object.keys(tags), searchParams.get("last"), json, repository);
      return;
    }
    if (kind === "blobs") return void json(200, platformOf(decodeURIComponent(name)));
    const tag = tags[name];
    if (tag === undefined) return void json(404, { errors: [{ code: "MANIFEST_UNKNOWN" }] });
    const body =
      tag.only === undefined
        ? { manifests: [...(tag.platforms ?? []), "unknown/unknown"].map((text) => ({ platform: platformOf(text) })) }
        : { config: { digest: encodeURIComponent(tag.only) } };
    json(200, body, { "Docker-Content-Digest": tag.digest });
  }

  /** Two tags a page. */
  #page(
    tags: readonly string[],
    last: string | null,
    json: (status: number, body: unknown, more?: Record<string, string>) => unknown,
    repository: string,
  ): void {
    const from = last === null ? 0 : tags.indexOf(last) + 1;
    const page = tags.slice(from, from + 2);
    const next =
      tags.length > from + 2 ? { Link: `</v2/${repository}/tags/list?n=2&last=${page.at(-1) ?? ""}>; rel="next"` } : {};
    json(200, { tags: page }, next);
  }
}
