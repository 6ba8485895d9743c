import { expect } from "vitest";
import type { BackupStack } from "./backup-stack.ts";
import { docker } from "./e2e.ts";

/** A stack's replica of PostgreSQL, where the app has a table `ledger` of numbers. */
export class Replica {
  readonly #stack: BackupStack;

  constructor(stack: BackupStack) {
    this.#stack = stack;
  }

  /** What a statement answers there. */
  async sql(statement: string): Promise<string> {
    const psql = ["psql", "-XAtq", "-U", "apprun", "-d", "apprun", "-c", statement];
    return (await docker("exec", this.#stack.name("postgres-replica"), ...psql)).trim();
  }

  /** A row that is written now arrives. */
  async follows(): Promise<void> {
    const id = -Date.now();
    await this.#stack.sql(`insert into ledger values (${id})`);
    await expect
      .poll(() => this.sql(`select count(*) from ledger where id = ${id}`), { timeout: 30_000, interval: 200 })
      .toBe("1");
  }
}
