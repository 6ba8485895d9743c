import { expect } from "vitest";
import { docker, SMALL, TestProject, wipe } from "./e2e.ts";

/** A running stack with backups, with rows and files in it, and the ways to look at them. */
export class BackupStack {
  readonly project: TestProject;

  readonly stack: string;

  /** What it was made with. */
  readonly settings: Record<string, unknown>;

  constructor(stack: string, settings: Record<string, unknown> = {}, beside?: TestProject) {
    this.stack = stack;
    this.settings = { ...SMALL, temporal: { ui: false }, backup: { enabled: true }, ...settings };
    this.project = new TestProject(stack, this.settings, stack, "index.ts", beside);
  }

  /** Sets a copy in object storage, whose keys are in the stack's file already. */
  configureRemote(remote: Record<string, unknown>): void {
    this.project.configure({ ...this.settings, backup: { ...(this.settings["backup"] as object), remote } });
  }

  /** What Docker calls a service of the stack, or a volume. */
  name(service: string): string {
    return `apprun-${this.stack}-${service}`;
  }

  async ok(args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.project.cli(args);
    expect(code, stderr).toBe(0);
    return stdout;
  }

  async sql(statement: string, database = "apprun"): Promise<string> {
    return (
      await docker("exec", this.name("postgres"), "psql", "-XAtq", "-U", "postgres", "-d", database, "-c", statement)
    ).trim();
  }

  inApp(script: string): Promise<string> {
    return docker("exec", this.name("apprun"), "sh", "-c", script);
  }

  inBackup(script: string): Promise<string> {
    return docker("exec", this.name("backup"), "sh", "-c", script);
  }

  /** An empty stack that is up and holds so many rows and files. */
  async fill(rows: number, files: number): Promise<void> {
    await wipe(this.stack);
    await this.load(rows, files);
  }

  /** The same on volumes that are there. */
  async load(rows: number, files: number): Promise<void> {
    await this.ok(["up"]);
    await this
      .sql(`create table big as select g as id, md5(g::text) as a, md5((g * 7)::text) as b, g::float8 / 7 as f, timestamptz 'epoch' + g * interval '1 s' as at
      from generate_series(1, ${rows}) g; alter table big add primary key (id); alter table big owner to apprun`);
    await this.inApp(
      `mkdir -p /data/storage/many && for i in $(seq ${files}); do head -c $((i * 200)) /dev/urandom >"/data/storage/many/file $i"; done`,
    );
  }

  /** Count and checksum of the rows and of the files, made by other means than the backup's own. */
  async fingerprint() {
    return {
      // A sum, because a string of a gigabyte's checksums is more than a small server's memory holds.
      rows: await this.sql(
        "select count(*) || ':' || sum(('x' || left(md5(big::text), 15))::bit(60)::bigint) from big",
      ),
      identities: await this.sql("select count(*) from networks", "kratos"),
      files: (
        await this.inApp(
          "cd /data/storage && find . -type f | wc -l && find . -type f | LC_ALL=C sort | xargs -d '\\n' sha256sum | sha256sum",
        )
      ).trim(),
    };
  }

  /** Databases that a restore has left beside the real ones. */
  leftovers(): Promise<string> {
    return this.sql("select coalesce(string_agg(datname, ','), 'none') from pg_database where datname ~ '__'");
  }

  async sets(): Promise<readonly { set: string; snapshot: string }[]> {
    return JSON.parse(await this.ok(["restore", "--list", "--json"])) as { set: string; snapshot: string }[];
  }
}
