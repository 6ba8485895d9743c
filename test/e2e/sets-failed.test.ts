import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScriptHost } from "../services/backup/host/scripts.ts";
import { Server } from "../services/backup/host/server.ts";
import { makeDatabase, setsOf, stackOf } from "../services/backup/host/stack.ts";
import { GNU, withoutServer } from "../services/backup/host/tools.ts";

/** Too long to be restored. */
const LONG = Array.from({ length: 16 }, () => "d".repeat(240)).join("/");

const empty = (directory: string) => execFileSync("find", [directory, "-mindepth", "1", "-delete"]);

describe.skipIf(withoutServer)(
  "sets that go wrong (skipped without restic or PostgreSQL's programs, except in a pipeline)",
  // restic derives its key again in each of some thirty calls a backup.
  { timeout: 300_000 },
  () => {
    let server: Server;
    let host: ScriptHost;
    beforeAll(() => {
      server = new Server("--locale", "C.UTF-8", "--encoding", "UTF8");
      makeDatabase(server, "CREATE TABLE t AS SELECT 1 AS v");
      host = stackOf(GNU, server);
    });
    afterAll(() => {
      server.stop();
    });
    const tags = (repository: "local" | "remote") => setsOf(host, repository).map((set) => set.tags);

    it("keep the databases where files cannot be copied, and say so", () => {
      mkdirSync(host.at(`sources/files/${LONG}`), { recursive: true });
      execFileSync("sh", ["-c", `cd "$0" && : >${"f".repeat(200)}`, host.at(`sources/files/${LONG}`)]);
      const { status, stderr } = host.run("backup.sh");
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(
          /failed: set \w+ has all databases, and not the files of: files \(paths that are longer than/,
        ),
      ]);
      empty(host.at("sources/files"));
      expect(host.read("backup/state/backup-ok")).toBe("0\n");
      expect([tags("local"), tags("remote")]).toEqual([["partial"], ["partial"]]);
      expect(host.run("drill.sh")).toMatchObject({ status: 0 });
    });

    it("do not begin a new history where sets were put, unless they are told to", () => {
      writeFileSync(host.at("sources/files/file"), "one");
      expect(host.run("backup.sh")).toMatchObject({ status: 0 });
      expect(tags("remote")).toEqual(["partial", "complete"]);
      expect(host.read("metrics/backup.prom")).toContain('apprun_backup_sets{repository="remote"} 1\n');
      empty(host.at("remote"));
      const { status, stderr } = host.run("backup.sh");
      expect([status, stderr]).toEqual([
        1,
        expect.stringContaining("failed: the remote repository is lost: there is none at"),
      ]);
      expect(host.run("backup.sh", "--new-repository")).toMatchObject({ status: 0 });
      expect(tags("remote")).toEqual(["complete"]);
    });

    it("are proven in both repositories in turn, or in the one that is asked for", () => {
      const drilled = (...args: string[]) => {
        const { status, stdout, stderr } = host.run("drill.sh", ...args);
        expect(status, stderr).toBe(0);
        return (JSON.parse(stdout) as { repository: string }).repository;
      };
      // The remote one was drilled above.
      expect([drilled(), drilled(), drilled("remote"), drilled()]).toEqual(["local", "remote", "remote", "local"]);
      expect(host.read("metrics/backup.prom")).toMatch(
        /repository_proven_timestamp_seconds\{repository="local"\} \d{10}\n.*="remote"\} \d{10}\n/,
      );
      const remote = host.env["BACKUP_REMOTE"] ?? "";
      host.env["BACKUP_REMOTE"] = "";
      expect(host.run("drill.sh", "remote")).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("got the remote repository, and this stack has none") as string,
      });
      host.env["BACKUP_REMOTE"] = remote;
    });

    it("stay within the rules whatever the repository's size is", () => {
      host.env["BACKUP_LOCAL_SIZE"] = "0";
      const { status, stderr } = host.run("backup.sh");
      expect([status, stderr]).toEqual([0, expect.stringContaining("the local repository is larger than 0 MiB")]);
      expect(tags("local").filter((tag) => tag === "complete")).toHaveLength(4);
      expect(host.read("metrics/backup.prom")).toMatch(
        /apprun_backup_repository_size_bytes\{repository="local"\} \d{4,}\n/,
      );
    });

    it("give their room back when they go", () => {
      const size = () =>
        Number(/repository_size_bytes\{repository="local"\} (\d+)/.exec(host.read("metrics/backup.prom"))?.[1]);
      Object.assign(host.env, { BACKUP_LOCAL_COUNT: "1", BACKUP_LOCAL_DAYS: "0" });
      writeFileSync(host.at("sources/files/large"), randomBytes(8 << 20));
      expect(host.run("backup.sh")).toMatchObject({ status: 0 });
      expect(size()).toBeGreaterThan(8 << 20);
      rmSync(host.at("sources/files/large"));
      expect(host.run("backup.sh")).toMatchObject({ status: 0 });
      expect(size()).toBeLessThan(4 << 20);
      expect(tags("local").filter((tag) => tag === "complete")).toHaveLength(1);
    });

    it("are refused by a stack whose databases or roles have other names", () => {
      const [set] = setsOf(host, "local").filter(({ tags: its }) => its === "complete");
      host.env["BACKUP_DATABASES"] = "shop";
      const { status, stderr } = host.run("restore.sh", "prepare", "local", set?.id ?? "");
      host.env["BACKUP_DATABASES"] = "app";
      expect([status, stderr]).toEqual([
        1,
        expect.stringContaining("the set has no database shop; allowed: sets of a stack with the same databases"),
      ]);
      server.sql("postgres", "CREATE ROLE shop_owner; ALTER DATABASE app OWNER TO shop_owner");
      const other = host.run("restore.sh", "prepare", "local", set?.id ?? "");
      server.sql("postgres", "ALTER DATABASE app OWNER TO CURRENT_USER; DROP ROLE shop_owner");
      expect([other.status, other.stderr]).toEqual([
        1,
        expect.stringMatching(
          /database app of the set belongs to role \w+, here to shop_owner; allowed: sets of a stack with the same roles/,
        ),
      ]);
    });

    it("are refused the remote repository of another host until it is taken over, and then that host", () => {
      const other = stackOf(GNU, server);
      other.env["BACKUP_REMOTE"] = host.at("remote");
      const refused = expect.stringContaining("has sets that another host of apprun/test put there") as string;
      expect(other.run("backup.sh")).toMatchObject({ status: 1, stderr: refused });
      expect(other.run("backup.sh", "--take-over")).toMatchObject({ status: 0 });
      expect(other.run("backup.sh")).toMatchObject({ status: 0 });
      expect(host.run("backup.sh")).toMatchObject({ status: 1, stderr: refused });
    });

    it("have the encoding and order of each database, which a drill makes it with", () => {
      makeDatabase(server, "CREATE TABLE t AS SELECT 'x' AS v", "TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
      const another = stackOf(GNU, server);
      const { status, stdout } = another.run("backup.sh");
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        manifest: { databases: { app: { locale: { encoding: "LATIN1", provider: "c", collate: "C", ctype: "C" } } } },
      });
      expect(another.run("drill.sh")).toMatchObject({ status: 0 });
    });
  },
);
