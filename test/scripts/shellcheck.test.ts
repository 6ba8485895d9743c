import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { run, without } from "../support/run/tools.ts";

const NOT_CHECKED =
  /^\d+ shell scripts are not checked: shellcheck is not on PATH; \.ci\/tools\/install installs it\n$/;

/** `npm run shellcheck` with a program of that name that ends with a code, or with none. */
function check(env: { readonly CI?: string }, code?: number) {
  const path = mkdtempSync(join(tmpdir(), "apprun-tools-"));
  if (code !== undefined) {
    writeFileSync(join(path, "shellcheck"), `#!/bin/sh\nprintf '%s\\n' "$@"\nexit ${String(code)}\n`);
    chmodSync(join(path, "shellcheck"), 0o755);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/shellcheck.ts"], {
    encoding: "utf8",
    env: { PATH: path, ...env },
  });
  return { status, files: stdout.trim().split("\n"), stderr };
}

describe("npm run shellcheck", () => {
  it("checks every shell script of the repository", () => {
    const { status, files } = check({}, 0);
    expect(status).toBe(0);
    const tracked = spawnSync("git", ["ls-files", "*.sh", ".ci/install", ".ci/lint", ".ci/run", ".ci/tools/install"], {
      encoding: "utf8",
    })
      .stdout.trim()
      .split("\n");
    expect(files).toEqual(expect.arrayContaining(tracked));
  });

  it("fails where a script has a finding", () => {
    expect(check({}, 1).status).toBe(1);
  });

  it("without the tool says so, and fails in a pipeline only", () => {
    expect(check({})).toMatchObject({ status: 0, stderr: expect.stringMatching(NOT_CHECKED) as string });
    expect(check({ CI: "true" })).toMatchObject({ status: 1, stderr: expect.stringMatching(NOT_CHECKED) as string });
  });
});

describe("a test that needs a tool which is not on PATH", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it("is skipped, except in a pipeline, where it fails with the tool's name", () => {
    vi.stubEnv("CI", "");
    expect(without("no-such-tool")).toBe(true);
    vi.stubEnv("CI", "true");
    expect(without("no-such-tool")).toBe(false);
    expect(() => run("no-such-tool", [], ".")).toThrow(
      "no-such-tool cannot be run (spawnSync no-such-tool ENOENT); .ci/tools/install installs it",
    );
  });
});
