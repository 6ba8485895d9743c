import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const EXAMPLE = /```yaml\n(# \.gitlab-ci\.yml\n.*?)```/s.exec(readFileSync("docs/ci.md", "utf8"))?.[1] ?? "";

/** What gitlab-ci-local, which has GitLab's own schema, makes of a pipeline. */
function listed(
  pipeline: string,
  source: string,
): { readonly code: number | null; readonly jobs: readonly string[]; readonly said: string } {
  const cwd = mkdtempSync(join(tmpdir(), "gitlab-"));
  execFileSync("git", ["init", "--quiet"], { cwd });
  writeFileSync(join(cwd, ".gitlab-ci.yml"), pipeline);
  const command = ["gitlab-ci-local", "--list-csv", "--variable", `CI_PIPELINE_SOURCE=${source}`];
  const { status, stdout, stderr } = spawnSync(resolve("node_modules/.bin", command[0] ?? ""), command.slice(1), {
    cwd,
    encoding: "utf8",
  });
  const rows = stdout.split("\n").filter((line) => /^[\w-]+;/.test(line));
  return { code: status, jobs: rows.slice(1).map((row) => row.split(";")[0] ?? ""), said: stdout + stderr };
}

describe("the pipeline of the page, by GitLab's schema", () => {
  it("is one, and has its job for merge requests alone", () => {
    const request = listed(EXAMPLE, "merge_request_event");
    expect([request.code, request.jobs], request.said).toEqual([0, ["preview"]]);
    expect(request.said).toContain("json schema validated");
    const push = listed(EXAMPLE, "push");
    expect([push.code, push.jobs], push.said).toEqual([0, []]);
  });

  it("would not be one with a key that GitLab does not know", () => {
    const { code, said } = listed(
      EXAMPLE.replace("- .ci/install", "- .ci/install\n  retrys: 1"),
      "merge_request_event",
    );
    expect(code).not.toBe(0);
    expect(said).toContain("retrys");
  });
});
