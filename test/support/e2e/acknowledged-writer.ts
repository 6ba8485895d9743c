import { setTimeout as sleep } from "node:timers/promises";
import type { BackupStack } from "./backup-stack.ts";
import { docker } from "./e2e.ts";

/** Time between two rows, in milliseconds. */
const PAUSE = 100;

/** Writes numbered rows from outside of a stack, and knows which of them the server has acknowledged. */
export class AcknowledgedWriter {
  readonly #stack: BackupStack;
  readonly #rows: number[] = [];
  #next = 0;
  #paused = false;
  #stopped = false;
  #writing: Promise<void> | undefined;

  constructor(stack: BackupStack) {
    this.#stack = stack;
  }

  async start(): Promise<void> {
    await this.#stack.sql("create table ledger (id int primary key); alter table ledger owner to apprun");
    this.#writing = this.#write();
  }

  /** Waits until no row is on its way. */
  async pause(): Promise<void> {
    this.#paused = true;
    await sleep(PAUSE * 20);
  }

  goOn(): void {
    this.#paused = false;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#writing;
  }

  /** Acknowledged rows, and those of them that the server does not have. */
  async missing(): Promise<{ readonly acknowledged: number; readonly missing: readonly number[] }> {
    const rows = [...this.#rows];
    const there = new Set((await this.#stack.sql("select id from ledger")).split("\n").map(Number));
    return { acknowledged: rows.length, missing: rows.filter((row) => !there.has(row)) };
  }

  async #write(): Promise<void> {
    while (!this.#stopped) {
      await sleep(PAUSE);
      if (this.#paused) continue;
      const row = (this.#next += 1);
      const answer = await this.#insert(row).catch(() => "");
      if (answer === String(row)) this.#rows.push(row);
    }
  }

  /** As the app's role: nothing keeps a superuser out of a database that is closed. */
  async #insert(row: number): Promise<string> {
    const statement = `insert into ledger values (${row}) returning id`;
    const psql = ["psql", "-XAtq", "-U", "apprun", "-d", "apprun", "-c", statement];
    return (await docker("exec", this.#stack.name("postgres"), ...psql)).trim();
  }
}
