import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScriptHost } from "../services/backup/host/scripts.ts";
import { Server } from "../services/backup/host/server.ts";
import { makeDatabase, setsOf, stackOf } from "../services/backup/host/stack.ts";
import { BOTH, withoutServer } from "../services/backup/host/tools.ts";

/** Names that a line, a tab, a quote or a letter cannot hold. */
export const ODD = [
  Buffer.from("two\nlines"),
  Buffer.from("ends\n"),
  Buffer.from("a\ttab"),
  Buffer.from("back\\slash\\n"),
  Buffer.from("return\r\\"),
  Buffer.from(`quo'te"s`),
  Buffer.from([0xff, 0xfe, 0xe4]),
  Buffer.from(" spaces "),
  Buffer.from("-rf"),
  Buffer.from("$(id) *"),
];

describe.skipIf(withoutServer)(
  "whole sets (skipped without restic or PostgreSQL's programs, except in a pipeline)",
  // restic derives its key again in each of some thirty calls a backup.
  { timeout: 300_000 },
  () => {
    let server: Server;
    beforeAll(() => {
      server = new Server("--locale", "C.UTF-8", "--encoding", "UTF8");
    });
    afterAll(() => {
      server.stop();
    });

    describe.each(BOTH)("under $name", (tools) => {
      let host: ScriptHost;
      beforeAll(() => {
        host = stackOf(tools, server);
      });

      it("bring files of any name back with their content, modes and links, and databases with their order", () => {
        makeDatabase(
          server,
          "CREATE TABLE t (v text, w tsvector GENERATED ALWAYS AS (to_tsvector('simple', v)) STORED); INSERT INTO t VALUES ('Übung'), ('a b')",
        );
        const files = host.at("sources/files");
        for (const name of ODD) {
          const path = Buffer.concat([Buffer.from(`${files}/`), name]);
          writeFileSync(path, name);
          chmodSync(path, 0o640);
        }
        const deep = `${files}/${Array.from({ length: 15 }, () => "d".repeat(250)).join("/")}`;
        mkdirSync(deep, { recursive: true });
        writeFileSync(`${deep}/end`, "deep");
        mkdirSync(`${files}/empty directory`);
        symlinkSync("nowhere", `${files}/link`);
        writeFileSync(`${files}/sparse`, "");
        truncateSync(`${files}/sparse`, 1 << 26);
        const before = content(files);

        const backup = host.run("backup.sh");
        expect(backup.stderr).not.toMatch(/failed|not found|invalid/);
        expect(backup.status).toBe(0);
        const drill = host.run("drill.sh");
        expect(drill.stderr).not.toMatch(/failed|not found|invalid/);
        expect(drill.status).toBe(0);

        execFileSync("find", [files, "-mindepth", "1", "-delete"]);
        writeFileSync(`${files}/new`, "new");
        server.sql("app", "DELETE FROM t");
        for (const step of [["prepare", "remote", setsOf(host, "remote").at(-1)!.id], ["swap"], ["finish"]]) {
          const outcome = host.run("restore.sh", ...step);
          expect(outcome.stderr).not.toMatch(/failed|not found|invalid/);
          expect(outcome.status).toBe(0);
        }
        expect(content(files)).toBe(before);
        expect(server.sql("app", "SELECT v FROM t ORDER BY v")).toBe("a b\nÜbung");
      });
    });
  },
);

/** Mode, type, room, name and checksum of everything, taken by other means than the scripts'. */
function content(directory: string): string {
  return execFileSync(
    "sh",
    [
      "-c",
      `cd "$0" && find . ! -name . -printf '%m %y %U %G %s %b %p %l\\0' | sort -z && find . -type f -size -1M -print0 | sort -z | xargs -0 sha256sum -z`,
      directory,
    ],
    { encoding: "latin1", env: { ...process.env, LC_ALL: "C" } },
  );
}
