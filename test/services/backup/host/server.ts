import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GNU } from "./tools.ts";

/** PostgreSQL's programs refuse to be root. */
const asUser = process.getuid?.() === 0 ? ["gosu", "postgres"] : [];

/** A server of this machine's PostgreSQL that only a socket reaches. */
export class Server {
  readonly directory: string;

  constructor(...options: readonly string[]) {
    this.directory = mkdtempSync(join(tmpdir(), "pg-"));
    execFileSync("chmod", ["777", this.directory]);
    const data = join(this.directory, "data");
    this.#run("initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync", ...options);
    this.#run(
      ...["pg_ctl", "start", "--silent", "--wait", "--pgdata", data, "--log", join(this.directory, "log")],
      ...["--options", `-c listen_addresses='' -k ${this.directory} -c fsync=off`],
    );
  }

  #run(program: string, ...args: readonly string[]): string {
    const [first = program, ...others] = [...asUser, program, ...args];
    return execFileSync(first, others, { env: this.#env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }

  get #env(): Record<string, string> {
    return { PATH: GNU.path, ...this.env };
  }

  /** What reaches it. */
  get env(): Record<string, string> {
    return { PGHOST: this.directory, PGPORT: "5432", PGUSER: "postgres", BACKUP_ADMIN: "postgres" };
  }

  /** Runs SQL and returns its rows, columns separated by `|`. */
  sql(database: string, sql: string): string {
    return this.#run("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql).trimEnd();
  }

  stop(): void {
    this.#run("pg_ctl", "stop", "--silent", "--pgdata", join(this.directory, "data"), "--mode", "immediate");
    execFileSync("rm", ["-rf", this.directory]);
  }
}
