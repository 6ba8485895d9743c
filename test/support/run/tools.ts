import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Whether tests of a tool are left out because it is not on PATH. In a pipeline, where CI is set, they
 * are not: there they run, and fail with the tool's name.
 */
export function without(tool: string): boolean {
  return (process.env["CI"] ?? "") === "" && spawnSync(tool, ["--version"]).error !== undefined;
}

/** @throws Error that names the tool, when it is not on PATH */
export function run(
  tool: string,
  args: readonly string[],
  cwd: string,
): { readonly code: number | null; readonly output: string } {
  const { error, status, stdout, stderr } = spawnSync(tool, args, { cwd, encoding: "utf8" });
  if (error !== undefined) throw new Error(`${tool} cannot be run (${error.message}); .ci/tools/install installs it`);
  return { code: status, output: stdout + stderr };
}

/** A directory of its own for the files that a tool reads. */
export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), "apprun-tools-"));
}
