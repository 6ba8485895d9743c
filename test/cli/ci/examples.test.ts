import { execFile } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { parse } from "yaml";

// Each example starts the command line several times.
vi.setConfig({ testTimeout: 180_000 });

const PAGE = readFileSync("docs/ci.md", "utf8");
const block = (language: string) => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, "s").exec(PAGE)?.[1] ?? "";

interface Run {
  readonly code: number;
  readonly output: string;
  /** Calls of what is stood in for: npm, npx, glab and less. */
  readonly calls: readonly string[];
}

/**
 * Runs lines of the page as a pipeline does, with the real command line of this
 * program. The engine is stood in for by previews that it once printed, one a
 * call; npm and GitLab's client write down what they were asked.
 */
async function run(lines: readonly string[], previews: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  for (const file of ["Pulumi.yaml", "Pulumi.prod.yaml"]) copyFileSync(file, join(directory, file));
  for (const name of ["cli", ".ci", "package.json"]) symlinkSync(resolve(name), join(directory, name));
  previews.forEach((name, index) => {
    copyFileSync(`test/cli/ci/previews/${name}.json`, join(directory, `answer-${index + 1}.json`));
  });
  const bin = join(directory, "bin");
  mkdirSync(bin);
  const stand = (name: string, body: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\nprintf '%s\\n' "${name} $*" >>"${directory}/calls"\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  stand(
    "npx",
    `n=$(($(cat "${directory}/n" 2>/dev/null || echo 0) + 1)); echo $n >"${directory}/n"; cat "${directory}/answer-$n.json"`,
  );
  stand("npm", "true");
  stand("glab", "true");
  stand("less", "cat");
  const script = ["set -e", ...lines].join("\n");
  const ended = await new Promise<Omit<Run, "calls">>((done) => {
    const child = execFile(
      "bash",
      ["-c", script],
      { cwd: directory, env: { ...process.env, NO_COLOR: "1", ...env, PATH: `${bin}:${process.env["PATH"] ?? ""}` } },
      (_, out, err) => {
        done({ code: child.exitCode ?? -1, output: out + err });
      },
    );
  });
  return { ...ended, calls: readFileSync(join(directory, "calls"), "utf8").trim().split("\n") };
}

describe("the example for any shell", () => {
  const lines = block("sh").trim().split("\n");

  it("shows what would change, and deploys what was approved", async () => {
    const { code, output, calls } = await run(lines, ["create", "create"]);
    expect(code, output).toBe(0);
    expect(output).toContain("### Stack `prod`");
    expect(output).toContain("the change may go on");
    expect(calls).toEqual([
      "npx pulumi preview --stack prod --json",
      expect.stringMatching(/^less/),
      "npx pulumi preview --stack prod --json",
      "npm run up -- --stack prod",
    ]);
  });

  it("deploys nothing where the world changed since", async () => {
    const { code, output, calls } = await run(lines, ["nothing", "create"]);
    expect(code).toBe(1);
    expect(output).toContain("which nobody approved; allowed: exactly what was approved");
    expect(calls).not.toContain("npm run up -- --stack prod");
  });

  it("deploys nothing that loses data", async () => {
    const { code, calls } = await run(lines, ["replace-volume", "replace-volume"]);
    expect(code).toBe(1);
    expect(calls).not.toContain("npm run up -- --stack prod");
  });
});

describe("the example for GitLab", () => {
  const { preview } = parse(block("yaml")) as {
    preview: { script: readonly string[]; rules: readonly { if: string }[] };
  };
  const env = { CI_MERGE_REQUEST_IID: "7", CI_MERGE_REQUEST_LABELS: "bug" };

  it("comments on a merge request and lets a harmless change pass", async () => {
    const { code, output, calls } = await run(preview.script, ["create"], env);
    expect(code, output).toBe(0);
    expect(calls.slice(0, 2)).toEqual([
      "npm ci --ignore-scripts",
      expect.stringMatching(/^npm rebuild --ignore-scripts=false( [\w@/-]+)+$/),
    ]);
    expect(calls.join("\n")).toContain(
      "glab mr note 7 --unique --message <!-- apprun-infra prod -->\n\n### Stack `prod`",
    );
  });

  it("fails for one that loses data, with the comment written", async () => {
    const { code, output, calls } = await run(preview.script, ["replace-volume"], env);
    expect(code).toBe(1);
    expect(output).toContain('"postgres-17": got a change that replaces a volume');
    expect(calls.some((call) => call.startsWith("glab mr note 7"))).toBe(true);
  });

  it("runs for merge requests only", () => {
    expect(preview.rules).toEqual([{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }]);
  });
});
