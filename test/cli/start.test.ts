import { spawnSync } from "node:child_process";
import { mkdtempSync, cpSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

/** As a Node before 22.18: it reads no TypeScript. */
const OLD = "--no-experimental-strip-types";
const REFUSED =
  /^got Node \d+\.\d+\.\d+; allowed: 22\.18 or newer, which reads TypeScript by itself; run npm ci, then put .*node_modules\/node\/bin first on PATH\n$/;

function node(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

it("the command line of an old Node runs under the project's own, with its output and its exit code", () => {
  const help = node(OLD, "cli/bin.mjs", "--help");
  expect(help).toEqual({ status: 0, stdout: expect.stringContaining("Usage: apprun-infra") as string, stderr: "" });
  expect(node(OLD, "cli/bin.mjs", "plan", "--stack", "nonsense").status).toBe(2);
});

it("without the project's own Node the command line says what is needed", () => {
  const directory = mkdtempSync(join(tmpdir(), "apprun-"));
  mkdirSync(join(directory, "cli"));
  for (const file of ["cli/bin.mjs", "start.cjs"]) cpSync(file, join(directory, file));
  expect(node(OLD, join(directory, "cli/bin.mjs"), "--help")).toEqual({
    status: 2,
    stdout: "",
    stderr: expect.stringMatching(REFUSED) as string,
  });
});

it("what the engine starts says so too: the program and the pack of policies", () => {
  const refused = { status: 2, stdout: "", stderr: expect.stringMatching(REFUSED) as string };
  expect(node(OLD, "--require", "./start.cjs", "index.ts")).toEqual(refused);
  expect(node(OLD, "policies/start.cjs")).toEqual(refused);
});
