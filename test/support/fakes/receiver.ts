import { createServer, type Server } from "node:http";
import { docker } from "../e2e/e2e.ts";

/** A message as Alertmanager's webhook sends it, or as a bot takes it. */
export interface Message {
  readonly path: string;
  readonly body: Record<string, unknown> & {
    readonly alerts?: readonly {
      readonly status: string;
      readonly labels: Record<string, string>;
      readonly annotations: Record<string, string>;
    }[];
  };
}

/** Webhooks on the address that containers know the host by. */
export class Receiver {
  readonly messages: Message[] = [];
  readonly url: string;
  readonly #server: Server;

  private constructor(url: string, server: Server, messages: Message[]) {
    this.url = url;
    this.#server = server;
    this.messages = messages;
  }

  static async listen(port: number): Promise<Receiver> {
    const host = (
      await docker("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")
    ).trim();
    const messages: Message[] = [];
    const server = createServer((request, response) => {
      let text = "";
      request.on("data", (chunk: Buffer) => (text += chunk.toString()));
      request.on("end", () => {
        messages.push({ path: request.url ?? "", body: JSON.parse(text) as Message["body"] });
        response.end();
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, resolve);
    });
    return new Receiver(`http://${host}:${port}`, server, messages);
  }

  /** Status and name of every alert that arrived at a path, in order, without repetitions. */
  arrived(path: string): readonly string[] {
    const alerts = this.messages.filter((message) => message.path === path).flatMap(({ body }) => body.alerts ?? []);
    return [...new Set(alerts.map(({ status, labels }) => `${status} ${labels["alertname"] ?? ""}`))];
  }

  close(): void {
    this.#server.close();
  }
}
