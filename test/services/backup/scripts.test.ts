import { mkdirSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fingerprint } from "../../../components/services/backup/secrets.ts";
import { ScriptHost } from "./host/scripts.ts";
import { BOTH } from "./host/tools.ts";

describe("a key's fingerprint", () => {
  it("tells keys apart and does not hold any part of them", () => {
    const key = "abcdefghijklmnopqrstuvwxyz012345";
    expect(fingerprint(key)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint(key)).not.toBe(fingerprint(`${key.slice(0, -1)}6`));
  });
});

describe.each(BOTH)("what the scripts share, under $name", (tools) => {
  const host = () => new ScriptHost(tools, { BACKUP_REMOTE: "s3:http://store:9000/sets/apprun/dev" });

  /** A host with a restic of a few lines. */
  function withRestic(lines: string): ScriptHost {
    const made = host();
    mkdirSync(made.at("fake"));
    writeFileSync(made.at("fake/restic"), `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
    return made;
  }
  const BEFORE = "PATH=$WORK/../../fake:$PATH";

  it("waits for the upload of a log, and turns others away", () => {
    const made = host();
    const holder = (script: string) =>
      `exec 8>>"$STATE/lock"; flock -n 8; echo ${script} >"$STATE/lock"; (sleep 1.5; flock -u 8) & `;
    expect(made.bash(`${holder("wal.sh")} take_lock; cat "$STATE/lock"`)).toMatchObject({
      status: 0,
      stdout: "line.sh\n",
    });
    expect(made.bash(`${holder("drill.sh")} take_lock`)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("another backup, drill or restore of apprun/test is running") as string,
    });
  });

  it("takes away what is empty of the archive, and nothing else", () => {
    const script =
      '. "$(dirname "$0")/points.sh"; mkdir -p "$WORK/a/empty/inner" "$WORK/a/full"; : >"$WORK/a/full/segment"; remove_empty_directories "$WORK/a"; cd "$WORK/a"; find . | sort';
    expect(host().bash(script)).toMatchObject({ status: 0, stdout: ".\n./full\n./full/segment\n", stderr: "" });
  });

  it("compares the dumps that are there with their checksums when a masked restore has read some only", () => {
    const made = host();
    const check =
      'mkdir -p "$WORK/set/postgres"; cd "$WORK/set/postgres"; printf a >a.dump; printf b >b.dump; sha256sum ./*.dump >dumps.sha256; rm b.dump; cd /; check_dumps "$WORK/set"';
    expect(made.bash(`BACKUP_MASK=app; ${check}`)).toMatchObject({ status: 0, stderr: "" });
    expect(made.bash(check)).toMatchObject({ status: 1, stderr: expect.stringContaining("b.dump") as string });
    expect(made.bash(`BACKUP_MASK=app; ${check.replace("rm b.dump", "printf c >b.dump")}`)).toMatchObject({
      status: 1,
    });
  });

  describe("a repository that is lost", () => {
    const ABSENT = 'case "$*" in *init*) exit 0;; esac; echo "Fatal: repository does not exist" >&2; exit 10';
    const open = 'mkdir -p "$STATE" "$LOCAL_REPOSITORY"; open_repository local --repository-version 2';

    it("is made where no set was ever put", () => {
      expect(withRestic(ABSENT).bash(`${BEFORE}; ${open}`)).toMatchObject({
        status: 0,
        stderr: expect.stringContaining("making the local repository") as string,
      });
    });

    it("is an error where one was, unless a new one is asked for", () => {
      const made = withRestic(ABSENT);
      const lost = `${BEFORE}; remember success-local 1795786313; ${open}`;
      expect(made.bash(lost)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("the local repository is lost: there is none at") as string,
      });
      expect(made.bash(`NEW_REPOSITORY=yes; ${lost}`)).toMatchObject({ status: 0 });
    });
  });

  describe("a remote repository that cannot be opened", () => {
    const retried = (reason: string) => `Stat(<config/>) returned error, retrying after 504.879759ms: Stat: ${reason}`;
    const NO_BUCKET = retried("The specified bucket does not exist");
    const failing = (answer: string, code: number) =>
      withRestic(`case "$*" in *init*) exit 0;; esac\necho '${answer}' >&2\nexit ${code}`);

    it("is made, with its bucket, by a backup", () => {
      const { status, stderr } = failing(NO_BUCKET, 124).bash(
        `${BEFORE}; open_repository remote --repository-version 2`,
      );
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
      const { status, stderr } = failing(answer, code).bash(`${BEFORE}; open_repository remote`);
      expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
    });

    it("has a time limit", () => {
      const made = withRestic("exec sleep 30");
      expect(made.bash(`${BEFORE}; timeout() { command timeout 1 "\${@:2}"; }; open_repository remote`)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("does not answer within 60 s") as string,
      });
    });
  });
});
