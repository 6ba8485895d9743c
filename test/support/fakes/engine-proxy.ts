import { createServer, request, type Server } from "node:http";
import { mkdtempSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The real Docker Engine behind a socket of its own, with some of its answers changed. */
export class EngineProxy {
  /** Address for `apprun:docker.host`. */
  readonly host: string;
  /** Fields to change in the answer of a path. */
  changes: Record<string, Record<string, unknown>> = {};
  readonly #server: Server;

  constructor() {
    const socket = join(mkdtempSync(join(tmpdir(), "apprun-")), "engine.sock");
    this.host = `unix://${socket}`;
    this.#server = createServer((incoming, outgoing) => {
      const { method, url: path, headers } = incoming;
      const forwarded = request({ socketPath: "/var/run/docker.sock", method, path, headers }, (answer) => {
        let body = "";
        answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
        answer.on("end", () => {
          const changed = this.changes[(path ?? "").split("?")[0] ?? ""];
          const text = changed === undefined ? body : JSON.stringify({ ...(JSON.parse(body) as object), ...changed });
          outgoing.writeHead(answer.statusCode ?? 500, { "Content-Type": "application/json" }).end(text);
        });
      });
      incoming.pipe(forwarded);
    });
    // What a container runs for somebody comes over the connection itself.
    this.#server.on("upgrade", ({ method, url: path, rawHeaders }, client: Socket, head: Buffer) => {
      const upstream = connect("/var/run/docker.sock", () => {
        const lines = rawHeaders.flatMap((key, index) =>
          index % 2 === 0 ? [`${key}: ${rawHeaders[index + 1] ?? ""}`] : [],
        );
        upstream.write([`${method ?? ""} ${path ?? ""} HTTP/1.1`, ...lines, "", ""].join("\r\n"));
        upstream.write(head);
        client.pipe(upstream).pipe(client);
      });
      for (const end of [client, upstream]) end.on("error", () => client.destroy());
    });
    this.#server.listen(socket);
  }

  stop(): void {
    this.#server.close();
  }
}
