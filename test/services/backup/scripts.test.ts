import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../../../components/services/backup/secrets.ts";

const SCRIPTS = new URL("../../../components/services/backup/scripts/", import.meta.url);

describe("a key's fingerprint", () => {
  it("tells keys apart and does not hold any part of them", () => {
    const key = "abcdefghijklmnopqrstuvwxyz012345";
    expect(fingerprint(key)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint(key)).not.toBe(fingerprint(`${key.slice(0, -1)}6`));
  });
});

/** The functions over a directory of files, with the scripts' own paths moved to a temporary directory. */
function tree() {
  const root = mkdtempSync(join(tmpdir(), "tree-"));
  mkdirSync(join(root, "files", "live"), { recursive: true });
  writeFileSync(join(root, "trees.tsv"), "files\tlive\n");
  const script = readFileSync(new URL("trees.sh", SCRIPTS), "utf8").replaceAll(
    "/etc/backup/trees.tsv",
    join(root, "trees.tsv"),
  );
  return {
    root,
    write: (name: string, content: string) => {
      writeFileSync(join(root, "files", name), content);
    },
    bash: (command: string) =>
      execFileSync("bash", [
        "-c",
        `set -euo pipefail; export LC_ALL=C; SOURCES=${root} STATE=${root}/state\n${script}\n${command}`,
      ]).toString(),
    list: () => readFileSync(join(root, "state", "trees", "files"), "utf8"),
  };
}

describe("the list of a volume's files", () => {
  it("has the checksum, size, times and path of each, and leaves out what is in use", () => {
    const { write, bash, list } = tree();
    write("a file", "one");
    write("b", "two");
    write("live/wal", "no");
    bash("facts_of_tree files");
    const lines = list().trim().split("\n");
    expect(lines).toHaveLength(2);
    // sha256 of "one" and "two".
    expect(list()).toMatch(/^3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3\t3 \d+ \d+ \.\/b$/m);
    expect(list()).toMatch(/^7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed\t3 \d+ \d+ \.\/a file$/m);
  });

  it("keeps checksums of what did not change, takes new ones of what did, and forgets what is gone", () => {
    const { root, write, bash, list } = tree();
    write("kept", "one");
    write("changed", "one");
    write("gone", "one");
    bash("facts_of_tree files");
    write("changed", "longer");
    rmSync(join(root, "files", "gone"));
    write("new", "two");
    bash("facts_of_tree files");
    const files = list()
      .trim()
      .split("\n")
      .map((line) => [line.slice(0, 6), line.split("./")[1]]);
    expect(files.sort()).toEqual(
      [
        ["3fc4cc", "new"],
        ["7692c3", "kept"],
        ["73834a", "changed"],
      ].sort(),
    );
  });

  it("tells which files changed or went after it was made, and does not mind new ones", () => {
    const { root, write, bash } = tree();
    for (const name of ["same", "written", "gone"]) write(name, "one");
    bash("facts_of_tree files");
    expect(bash("changed_in_tree files")).toBe("");
    write("new", "two");
    write("written", "other");
    utimesSync(join(root, "files", "written"), 1, 1);
    rmSync(join(root, "files", "gone"));
    const paths = bash("changed_in_tree files")
      .trim()
      .split("\n")
      .map((line) => line.split(" ").at(-1));
    expect(paths.sort()).toEqual(["./gone", "./written"]);
  });
});

/** `open_repository` with a restic that says what restic 0.18.0 said of a real MinIO, and ends as `timeout` ends it. */
function openRepository(answer: string, code: number, ...args: string[]) {
  const script = readFileSync(new URL("lib.sh", SCRIPTS), "utf8");
  const directory = mkdtempSync(join(tmpdir(), "restic-"));
  writeFileSync(
    join(directory, "restic"),
    `#!/bin/sh\ncase "$*" in *init*) exit 0;; esac\necho '${answer}' >&2\nexit ${code}\n`,
    { mode: 0o755 },
  );
  const settings = `export BACKUP_STACK=apprun/dev BACKUP_REMOTE=s3:http://store:9000/sets/apprun/dev`;
  const { status, stderr } = spawnSync(
    "bash",
    ["-c", `${settings}\n${script}\nPATH=${directory}:$PATH\nopen_repository remote ${args.join(" ")}`],
    {
      encoding: "utf8",
      cwd: SCRIPTS,
    },
  );
  return { status, stderr };
}

describe("a remote repository that cannot be opened", () => {
  const retried = (reason: string) => `Stat(<config/>) returned error, retrying after 504.879759ms: Stat: ${reason}`;
  const NO_BUCKET = retried("The specified bucket does not exist");

  it("is made, with its bucket, by a backup", () => {
    const { status, stderr } = openRepository(NO_BUCKET, 124, "--repository-version", "2");
    expect([status, stderr]).toEqual([0, expect.stringMatching(/making the remote repository\n$/)]);
  });

  it.each([
    [
      "has no bucket",
      NO_BUCKET,
      124,
      "does not exist; allowed: a bucket that a backup has made or filled; check apprun:backup.remote.bucket",
    ],
    [
      "does not know the key",
      retried("The Access Key Id you provided does not exist in our records."),
      124,
      "refuses the key: Stat: The Access Key Id",
    ],
    [
      "gets another secret",
      retried("The request signature we calculated does not match the signature you provided."),
      124,
      "refuses the key: Stat: The request",
    ],
    [
      "is unreachable",
      "Stat(<config/>) returned error, retrying after 1s: dial tcp: connection refused",
      124,
      "does not answer within 60 s",
    ],
    ["is absent", "Fatal: repository does not exist", 10, "the remote repository is not there"],
    ["has another password", "Fatal: wrong password or no key found", 12, "has another password"],
  ])("says so when it %s", (_, answer, code, message) => {
    const { status, stderr } = openRepository(answer, code);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});
