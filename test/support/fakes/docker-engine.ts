import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Labelled {
  readonly labels: Readonly<Record<string, string>>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** What a Docker Engine has of volumes, containers and networks, by name. */
export class FakeDockerEngine {
  readonly volumes = new Map<string, Labelled>();
  readonly containers = new Map<string, Labelled & { readonly volumes?: readonly string[] }>();
  readonly networks = new Map<string, Labelled>();
  /** Its identity. */
  id = "engine";
  /** Requests that would change something. */
  readonly changes: string[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) =>
        response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body)),
      );
    });
  }

  /** Starts it and returns the address for `apprun:docker.host`. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    let sent = "";
    for await (const chunk of request) sent += String(chunk);
    const [method = "", url] = [request.method, new URL(request.url ?? "", "http://docker")];
    return this.#volume(method, url.pathname, sent) ?? this.#other(method, url);
  }

  /** One volume: made where there is none of that name, as the engine does. */
  #volume(method: string, path: string, sent: string): Answer | undefined {
    const name = /^(?:\/v[\d.]+)?\/volumes\/(.+)$/.exec(path)?.[1];
    if (name === undefined || method === "DELETE") return undefined;
    const made = method === "POST" ? (JSON.parse(sent) as { Name: string; Labels: Labelled["labels"] }) : undefined;
    if (made !== undefined) {
      this.changes.push(`POST volumes ${made.Name}`);
      if (!this.volumes.has(made.Name)) this.volumes.set(made.Name, { labels: made.Labels });
    }
    const volume = this.volumes.get(made?.Name ?? name);
    return volume === undefined
      ? { status: 404, body: { message: "no such volume" } }
      : { status: 200, body: { Name: made?.Name ?? name, Labels: volume.labels } };
  }

  #other(method: string, url: URL): Answer {
    const [kind = "", name = ""] = url.pathname
      .replace(/^\/v[\d.]+/, "")
      .split("/")
      .slice(1);
    const { label: wanted = [] } = JSON.parse(url.searchParams.get("filters") ?? "{}") as { label?: readonly string[] };
    const found = <T extends Labelled>(all: ReadonlyMap<string, T>) =>
      [...all].filter(([, { labels }]) =>
        wanted.every((label) => Object.entries(labels).some(([key, value]) => `${key}=${value}` === label)),
      );
    if (method !== "GET") this.changes.push(`${method} ${kind} ${name}`);
    if (kind === "version") return { status: 200, body: { ApiVersion: "1.48", Version: "28.0.4" } };
    if (kind === "info") return { status: 200, body: { ID: this.id, Name: "there", DockerRootDir: "/nonexistent" } };
    if (method === "GET" && kind === "volumes")
      return {
        status: 200,
        body: { Volumes: found(this.volumes).map(([Name, { labels }]) => ({ Name, Labels: labels })) },
      };
    if (method === "GET" && kind === "networks")
      return { status: 200, body: found(this.networks).map(([Name]) => ({ Id: `id-${Name}`, Name })) };
    if (method === "GET" && kind === "containers")
      return {
        status: 200,
        body: found(this.containers).map(([Name, { labels, volumes = [] }]) => ({
          Id: `id-${Name}`,
          Names: [`/${Name}`],
          Labels: labels,
          Mounts: volumes.map((volume) => ({ Name: volume })),
          State: "exited",
          NetworkSettings: { Networks: {} },
        })),
      };
    if (method !== "DELETE")
      return { status: 404, body: { message: `${method} ${url.pathname} is not a part of this fake` } };
    const all = { volumes: this.volumes, containers: this.containers, networks: this.networks }[kind];
    return { status: all?.delete(name.replace(/^id-/, "")) === true ? 204 : 404, body: {} };
  }
}
