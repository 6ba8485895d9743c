import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeComment {
  readonly id: number;
  body: string;
  readonly user: { readonly type: "Bot" | "User" };
}

export interface FakeIssue {
  readonly number: number;
  readonly title: string;
  body: string;
  state: "open" | "closed";
  readonly user: { readonly type: "Bot" | "User" };
}

/** Stands in for GitHub's API: pull requests and comments in pages of two. */
export class FakeForge {
  readonly open: number[] = [];
  readonly comments: FakeComment[] = [];
  readonly issues: FakeIssue[] = [];
  readonly calls: string[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body, link }) => {
        if (link !== undefined) response.setHeader("Link", link);
        response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
      });
    });
  }

  async start(): Promise<NodeJS.ProcessEnv> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return { GITHUB_API_URL: this.#url, GITHUB_REPOSITORY: "acme/platform", GITHUB_TOKEN: "token-of-a-test" };
  }

  stop(): void {
    this.#server.close();
  }

  get #url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown; link?: string | undefined }> {
    const { pathname, searchParams } = new URL(request.url ?? "", this.#url);
    this.calls.push(`${request.method ?? ""} ${pathname}`);
    if (request.headers.authorization !== "token token-of-a-test")
      return { status: 401, body: { message: "Bad credentials" } };
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const page = (all: readonly unknown[]) => {
      const number = Number(searchParams.get("page") ?? 1);
      const more = all.length > number * 2;
      return {
        status: 200,
        body: all.slice((number - 1) * 2, number * 2),
        link: more ? `<${this.#url}${pathname}?page=${number + 1}>; rel="next"` : undefined,
      };
    };
    if (pathname === "/repos/acme/platform/pulls" && searchParams.get("state") !== "closed")
      return page(this.open.map((number) => ({ number })));
    const comments = "/repos/acme/platform/issues/7/comments";
    if (request.method === "GET" && pathname === comments) return page(this.comments);
    const { body, title, state } = JSON.parse(text || "{}") as { body?: string; title?: string; state?: "closed" };
    if (pathname === "/repos/acme/platform/issues") {
      if (request.method === "GET") return page(this.issues.filter((issue) => issue.state === "open"));
      this.issues.push({
        number: this.issues.length + 1,
        title: title ?? "",
        body: body ?? "",
        state: "open",
        user: { type: "Bot" },
      });
      return { status: 201, body: this.issues.at(-1) };
    }
    const issue = this.issues.find(({ number }) => pathname === `/repos/acme/platform/issues/${number}`);
    if (request.method === "PATCH" && issue !== undefined) {
      Object.assign(issue, { ...(body !== undefined && { body }), ...(state !== undefined && { state }) });
      return { status: 200, body: issue };
    }
    if (request.method === "POST" && pathname === comments) {
      this.comments.push({ id: this.comments.length + 1, body: body ?? "", user: { type: "Bot" } });
      return { status: 201, body: this.comments.at(-1) };
    }
    const known = this.comments.find(({ id }) => pathname === `/repos/acme/platform/issues/comments/${id}`);
    if (request.method !== "PATCH" || known === undefined) return { status: 404, body: { message: "Not Found" } };
    known.body = body ?? "";
    return { status: 200, body: known };
  }
}
