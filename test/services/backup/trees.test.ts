import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import { ScriptHost } from "./host/scripts.ts";
import { BOTH, withoutBusybox } from "./host/tools.ts";

/** Long ago: what is younger than two seconds keeps no checksum. */
const OLD = 1_600_000_000;
const ONE = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
const TWO = "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3";

it.skipIf(withoutBusybox)("runs under busybox too (skipped where it is not on PATH, except in a pipeline)", () => {
  expect(BOTH.map(({ name }) => name)).toContain("busybox");
});

describe.each(BOTH)("the list of a volume's files under $name", (tools) => {
  let host: ScriptHost;
  beforeEach(() => {
    host = new ScriptHost(tools);
    mkdirSync(host.at("sources/files/live"), { recursive: true });
    host.write("etc/trees.tsv", "files\tlive\n");
  });

  const write = (name: string, content: string) => {
    writeFileSync(host.at(`sources/files/${name}`), content);
  };
  const rows = (list: string) =>
    host
      .read(list)
      .trimEnd()
      .split("\n")
      .map((row) => row.split("\t"));
  const line = (text: string) => {
    const { status, stdout, stderr } = host.bash(text);
    expect([status, stderr]).toEqual([0, ""]);
    return stdout;
  };
  const LIST = 'mkdir -p "$WORK"; list_tree files "$WORK/list"';

  it("has the checksum, size, exact times and path of each, and leaves out what is in use", () => {
    write("a file", "one");
    write("b", "two");
    write("live/wal", "no");
    line(LIST);
    const time = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} \+0000$/;
    const times: unknown[] = [expect.stringMatching(time), expect.stringMatching(time)];
    expect(rows("backup/work/list")).toEqual([
      [TWO, "3", ...times, "./b"],
      [ONE, "3", ...times, "./a file"],
    ]);
  });

  it.each([
    ["two\nlines", "./two\\nlines"],
    ["ends\n", "./ends\\n"],
    ["a\ttab", "./a\ttab"],
    ["back\\slash", "./back\\\\slash"],
    ["return\r\\r", "./return\r\\\\r"],
    [`x\n${ONE}  .`, `./x\\n${ONE}  .`],
    ["-n", "./-n"],
  ])("writes the name %j in one line", (name, path) => {
    write(name, "one");
    line(LIST);
    expect(host.read("backup/work/list").trimEnd().split("\n")).toEqual([expect.stringMatching(/^7692c3/)]);
    expect(rows("backup/work/list")[0]!.slice(4).join("\t")).toBe(path);
    expect(line(`${LIST}; changed_in_tree files "$WORK/list"`)).toBe("");
    expect(
      line(
        `${LIST}; : >"$WORK/hot"; vouch "$WORK/list" "$WORK/hot" "$WORK/set"; check_tree "$WORK/set" "$SOURCES/files"`,
      ),
    ).toBe("");
    write(name, "ONE");
    expect(line(`changed_in_tree files "$WORK/list"`)).toBe(`${path}\n`);
  });

  it("keeps checksums of what did not change, and takes new ones of what did or may have within a tick of the clock", () => {
    for (const name of ["kept", "changed", "young"]) write(name, "one");
    // What the times of a change say cannot be set back, so that the clock goes on.
    line(`${LIST}; sleep 3; printf one >"$SOURCES/files/young"; list_tree files "$WORK/list"`);
    expect(
      rows("backup/state/files/files")
        .map((row) => row.at(-1))
        .sort(),
    ).toEqual(["./changed", "./kept"]);
    // A checksum that is known is not taken again.
    line(`sed -i "s/^7692c3/aaaaaa/" "$STATE/files/files"`);
    write("changed", "two");
    line(LIST);
    expect(
      rows("backup/work/list")
        .map((row) => [row[0]!.slice(0, 6), row.at(-1)])
        .sort(),
    ).toEqual([
      ["3fc4cc", "./changed"],
      ["7692c3", "./young"],
      ["aaaaaa", "./kept"],
    ]);
  }, 20_000);

  it("tells which files changed or went after it was made, within a second too, and does not mind new ones", () => {
    for (const name of ["same", "written", "gone"]) write(name, "one");
    for (const name of ["same", "written"]) utimesSync(host.at(`sources/files/${name}`), OLD, OLD);
    line(LIST);
    write("new", "two");
    write("written", "six");
    utimesSync(host.at("sources/files/written"), OLD, OLD + 0.001);
    rmSync(host.at("sources/files/gone"));
    expect(line(`changed_in_tree files "$WORK/list"`)).toBe("./gone\n./written\n");
  });

  describe("compared with what is there", () => {
    beforeEach(() => {
      for (const name of ["right", "wrong\n"]) write(name, "one");
      line(`${LIST}; : >"$WORK/hot"; vouch "$WORK/list" "$WORK/hot" "$WORK/set"`);
    });
    const check = (accepted = "") =>
      host.bash(`check_tree "$WORK/set" "$SOURCES/files" <(printf '%s\\n' '${accepted}')`);

    it("names a file with other content, unless somebody takes it as it is", () => {
      const path = host.at("sources/files/wrong\n");
      const { mtimeNs } = statSync(path, { bigint: true });
      write("wrong\n", "six");
      setTime(path, mtimeNs);
      expect(check()).toMatchObject({
        status: 1,
        stderr: expect.stringContaining(
          'files of set are not what the manifest says: "set:./wrong\\n"; allowed:',
        ) as string,
      });
      expect(check("./wrong\\n").status).toBe(0);
    });

    it("does not vouch for a file that restic read at another moment than the list was made", () => {
      write("wrong\n", "six");
      utimesSync(host.at("sources/files/wrong\n"), OLD, OLD);
      expect(check()).toMatchObject({ status: 0 });
    });

    it("names a file that is missing", () => {
      rmSync(host.at("sources/files/wrong\n"));
      expect(check()).toMatchObject({ status: 1 });
    });

    it("reads lists of older versions, which have no times and backslashes as they are", () => {
      write("a\\nb", "two");
      host.write("backup/work/old.sha256", `${ONE}  ./right\n${TWO}  ./a\\nb\n`);
      expect(host.bash('check_tree "$WORK/old" "$SOURCES/files"').status).toBe(0);
      write("right", "two");
      utimesSync(host.at("sources/files/right"), OLD, OLD);
      expect(host.bash('check_tree "$WORK/old" "$SOURCES/files"').status).toBe(1);
    });
  });

  it("shows names in letters that any text may hold", () => {
    write("x", "");
    expect(line(`printf '%s\\n' './a\\\\b' $'./\\xffs\\t' './c' './d' | shown_paths app:`)).toBe(
      '"app:./a\\\\b", "app:./\\0377s\\0011", "app:./c" and more\n',
    );
  });
});

/** The time of a file to the nanosecond, which no function of Node.js sets. */
function setTime(path: string, mtimeNs: bigint): void {
  spawnSync("touch", ["-d", `@${mtimeNs / 1_000_000_000n}.${String(mtimeNs % 1_000_000_000n).padStart(9, "0")}`, path]);
}
