import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { script } from "../../../cli/commands/completion.ts";
import { cli } from "../../support/run/cli.ts";

const candidates = async (...words: string[]) => {
  const { code, stdout, stderr } = await cli(["complete", "--", ...words]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.split("\n").map((line) => line.split("\t")[0]);
};

describe("complete", () => {
  it.each<[string[], string[]]>([
    [
      ["logs", "postgres"],
      ["postgres", "postgres-provision"],
    ],
    [["open", "gra"], ["grafana"]],
    [["credentials", "app"], ["app-database"]],
    [
      ["psql", "temporal"],
      ["temporal", "temporal_visibility"],
    ],
    [["psql", "--role", "mon"], ["monitoring"]],
    [["plan", "--stack", "pr"], ["prod"]],
    [
      ["restore", "--repository", ""],
      ["local", "remote"],
    ],
    [
      ["completion", ""],
      ["bash", "zsh", "fish"],
    ],
  ])("%j", async (words, expected) => {
    expect(await candidates(...words)).toEqual(expect.arrayContaining(expected));
  });

  it("offers only what runs where a command needs that", async () => {
    expect(await candidates("exec", "postgres-p")).toEqual([""]);
  });

  it("says nothing where the settings are wrong: a shell would show it", async () => {
    expect(await candidates("logs", "--stack", "nonsense", "")).toEqual([""]);
  });
});

/** A command line that answers with the words that it was asked with. */
const PROGRAM = `node -e 'process.argv.slice(3).length && console.log("got:" + process.argv.slice(3).join(",") + "\\tmeaning")' --`;

describe("the script of a shell", () => {
  const asks = (shell: string, args: string[]) => {
    const { error, stdout, stderr } = spawnSync(shell, args, {
      encoding: "utf8",
      env: { ...process.env, HOME: "/nonexistent" },
    });
    return error === undefined ? { stdout, stderr } : undefined;
  };

  it("of bash asks with the words before the cursor, and keeps the words without their meaning", () => {
    const lines = [
      script("bash", PROGRAM),
      'COMP_WORDS=(apprun-infra logs "" later); COMP_CWORD=2; _apprun_infra',
      'printf "%s\\n" "${COMPREPLY[@]}"; type -t apprun-infra',
    ];
    expect(asks("bash", ["-c", lines.join("\n")])).toEqual({ stdout: "got:logs,\nfunction\n", stderr: "" });
  });

  const fish = asks("fish", ["--version"]);
  it.skipIf(fish === undefined)("of fish does the same", () => {
    const lines = [script("fish", PROGRAM), 'complete -C "apprun-infra logs "'];
    expect(asks("fish", ["--no-config", "-c", lines.join("\n")])?.stdout).toBe("got:logs,\tmeaning\n");
  });

  const zsh = asks("zsh", ["--version"]);
  it.skipIf(zsh === undefined)("of zsh does the same", () => {
    const lines = [
      "compdef() { : }; _files() { print files }; compadd() { shift; print -l -- $@ }",
      script("zsh", PROGRAM),
      'words=(apprun-infra logs ""); CURRENT=3; _apprun_infra',
    ];
    expect(asks("zsh", ["-f", "-c", lines.join("\n")])?.stdout).toBe("got:logs,\n");
  });
});
