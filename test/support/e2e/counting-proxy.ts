import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Docker Engine behind a socket of its own that counts who comes. */
export class CountingProxy {
  readonly #directory = mkdtempSync(join(tmpdir(), "counted-"));
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  #connections = 0;
  /** Address for `apprun:docker.host`. */
  readonly host = `unix://${this.#directory}/docker.sock`;

  /** `engine` is the path of the engine's own socket. */
  constructor(engine: string) {
    // A command that was given all of its input still answers.
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      this.#connections += 1;
      const upstream = connect({ path: engine, allowHalfOpen: true });
      for (const end of [client, upstream]) {
        this.#open.add(end);
        end.on("error", () => {
          client.destroy();
          upstream.destroy();
        });
        end.on("close", () => this.#open.delete(end));
      }
      client.pipe(upstream).pipe(client);
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(join(this.#directory, "docker.sock"), resolve));
    return this;
  }

  /** Connections since it was asked last. */
  taken(): number {
    const count = this.#connections;
    this.#connections = 0;
    return count;
  }

  stop(): void {
    for (const end of this.#open) end.destroy();
    this.#server.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
