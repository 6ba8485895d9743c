import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { GNU } from "../../backup/host/tools.ts";

const script = (name: string) =>
  fileURLToPath(new URL(`../../../../components/services/postgres/scripts/${name}`, import.meta.url));
/** PostgreSQL's programs refuse to be root. */
const asUser = process.getuid?.() === 0 ? ["gosu", "postgres"] : [];
/** A primary and a replica of this machine's PostgreSQL, each on a socket of its own. */
export class Pair {
  readonly root = mkdtempSync(join(tmpdir(), "replica-"));
  readonly primary = this.#directory("primary");
  readonly replica = this.#directory("replica");
  readonly #env = {
    PATH: `${this.#entrypoint()}:${GNU.path}`,
    REPLICA_VOLUME: this.replica,
    REPLICA_SLOT: "replica",
    REPLICA_PASSWORD_FILE: join(this.root, "password"),
    REPLICA_PRIMARY: `host=${this.primary} user=postgres application_name=replica`,
  };

  constructor() {
    chmodSync(this.root, 0o755);
    writeFileSync(this.#env.REPLICA_PASSWORD_FILE, "none");
    // Where the server's user may read them.
    for (const name of ["replica.sh", "promote.sh"]) copyFileSync(script(name), join(this.root, name));
  }

  data(of: "primary" | "replica"): string {
    return join(this[of], "pgdata");
  }

  run(program: string, args: readonly string[], env: Record<string, string> = {}) {
    const [first = program, ...others] = [...asUser, program, ...args];
    const { status, stdout, stderr } = spawnSync(first, others, {
      env: { ...this.#env, ...env },
      encoding: "utf8",
      cwd: this.root,
    });
    return { status, stdout: stdout.trim(), stderr };
  }

  ok(program: string, ...args: readonly string[]): string {
    const { status, stdout, stderr } = this.run(program, args);
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
    return stdout;
  }

  init(of: "primary" | "replica"): void {
    this.ok("initdb", "--pgdata", this.data(of), "--username", "postgres", "--auth", "trust", "--no-sync");
  }

  start(of: "primary" | "replica", ...options: readonly string[]): void {
    const all = ["-c listen_addresses=", `-k ${this[of]}`, "-c fsync=off", ...options].join(" ");
    const log = join(this[of], "log");
    this.ok("pg_ctl", "start", "--silent", "--wait", "--pgdata", this.data(of), "--log", log, "--options", all);
  }

  stop(of: "primary" | "replica", mode = "fast"): void {
    this.run("pg_ctl", ["stop", "--silent", "--wait", "--pgdata", this.data(of), "--mode", mode]);
  }

  sql(of: "primary" | "replica", statement: string): string {
    return this.ok("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", this[of], "-U", "postgres", "-c", statement);
  }

  /** Runs replica.sh up to where it would start the server. */
  look() {
    return this.run("bash", ["replica.sh", "postgres"], { PGDATA: this.data("replica") });
  }

  /** A program that fails instead of one of PostgreSQL's image, where its arguments match a pattern of the shell. */
  fails(program: string, pattern: string): () => void {
    const path = join(this.root, "bin", program);
    writeFileSync(path, `#!/bin/sh\ncase "$*" in ${pattern}) exit 1 ;; esac\nexec /bin/${program} "$@"\n`);
    chmodSync(path, 0o755);
    return () => {
      rmSync(path);
    };
  }

  promote(more: Record<string, string> = {}) {
    return this.run("bash", ["promote.sh"], {
      PRIMARY: this.data("primary"),
      REPLICA: this.data("replica"),
      ...more,
    });
  }

  /** A replica that has what the primary has now, both stopped. */
  copied(): void {
    this.init("primary");
    this.start("primary");
    this.sql("primary", "create table rows (id int); insert into rows select generate_series(1, 100)");
    const { status, stderr } = this.look();
    if (status !== 0) throw new Error(`replica.sh: ${stderr}`);
  }

  /** Lets the replica take the log that there is, and stops it. */
  catchUp(): void {
    this.start("replica", `-c 'primary_conninfo=${this.#env.REPLICA_PRIMARY}'`, "-c primary_slot_name=replica");
    const end = this.sql("primary", "select pg_current_wal_lsn()");
    for (let tries = 0; tries < 100; tries += 1)
      if (this.sql("replica", `select pg_last_wal_replay_lsn() >= '${end}'`) === "t") break;
    this.stop("replica");
  }

  end(): void {
    this.stop("primary", "immediate");
    this.stop("replica", "immediate");
    rmSync(this.root, { recursive: true });
  }

  #directory(name: string): string {
    const path = join(this.root, name);
    mkdirSync(path);
    chmodSync(path, 0o777);
    return path;
  }

  /** In place of the image's own: tells what it was started with. */
  #entrypoint(): string {
    const path = join(this.root, "bin");
    mkdirSync(path);
    writeFileSync(join(path, "docker-entrypoint.sh"), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
    return path;
  }
}
