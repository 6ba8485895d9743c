import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

const WRITERS = 4;
/** More than any of them gets to. */
const ROWS = 1_000_000;

/** Sessions from outside of the server's container that insert one row after the other, and note each that it acknowledged. */
export class CommitWriters {
  readonly acknowledged: number[] = [];
  readonly #running: { readonly process: ChildProcess; readonly ended: Promise<unknown> }[];

  /** `round` keeps the rows of one load apart from those of another. */
  constructor(network: string, password: string, round: number) {
    this.#running = Array.from({ length: WRITERS }, (_, writer) => {
      const first = (round * WRITERS + writer) * ROWS;
      const script = `for i in $(seq ${first} ${first + ROWS}); do echo "insert into ledger values ($i) returning id;"; done | psql -XAtq --set ON_ERROR_STOP=1 -h postgres -U apprun -d apprun`;
      const run = ["run", "--rm", "-i", "--network", network, "--env", "PGPASSWORD", "postgres:17-alpine"];
      const process_ = spawn("docker", [...run, "sh", "-c", script], {
        env: { ...process.env, PGPASSWORD: password },
        stdio: ["ignore", "pipe", "ignore"],
      });
      let rest = "";
      process_.stdout.on("data", (chunk: Buffer) => {
        const lines = `${rest}${chunk.toString()}`.split("\n");
        rest = lines.pop() ?? "";
        this.acknowledged.push(...lines.filter((line) => line !== "").map(Number));
      });
      return { process: process_, ended: once(process_, "close") };
    });
  }

  /** Resolves when the server that they wrote to has ended all of them. */
  async ended(): Promise<void> {
    await Promise.all(this.#running.map(({ ended }) => ended));
  }
}
