import { setTimeout as sleep } from "node:timers/promises";
import { get } from "./e2e.ts";

export interface Count {
  sent: number;
  failed: number;
}

/** What a load asks, by names of the caller's. */
export type Targets = Readonly<Record<string, readonly [host: string, path: string]>>;

export interface LoadOptions {
  /** `@default 127.0.0.1` */
  readonly address?: string;
  /** `@default 80` */
  readonly port?: number;
  /** Clients of each target, which ask one request after the other. `@default 1` */
  readonly clients?: number;
}

/** Time between two requests of a client, in milliseconds. */
const PAUSE = 50;

/** Requests that go on until they are told to stop; whatever is not answered with 200 failed. */
export class ConstantLoad {
  readonly #options: LoadOptions;
  readonly #counts: Readonly<Record<string, Count>>;
  readonly #clients: readonly Promise<void>[];
  #running = true;

  constructor(targets: Targets, options: LoadOptions = {}) {
    this.#options = options;
    this.#counts = Object.fromEntries(Object.keys(targets).map((kind) => [kind, { sent: 0, failed: 0 }]));
    this.#clients = Object.entries(targets).flatMap(([kind, target]) =>
      Array.from({ length: options.clients ?? 1 }, () => this.#client(kind, target)),
    );
  }

  async stop(): Promise<Readonly<Record<string, Count>>> {
    this.#running = false;
    await Promise.all(this.#clients);
    return this.#counts;
  }

  async #client(kind: string, [host, path]: Targets[string]): Promise<void> {
    const { address = "127.0.0.1", port = 80 } = this.#options;
    const count = this.#counts[kind]!;
    while (this.#running) {
      count.sent += 1;
      const status = await get(port, host, path, { address }).then(
        (answer) => answer.status,
        () => 0,
      );
      if (status !== 200) count.failed += 1;
      await sleep(PAUSE);
    }
  }
}
