import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const README = readFileSync("README.md", "utf8");

describe("README.md", () => {
  it("is read in a few minutes", () => {
    expect(README.split("\n").length).toBeLessThanOrEqual(120);
  });

  it("begins with the command that deploys and the one that tests", () => {
    const [, block = ""] = /```sh\n([\s\S]*?)```/.exec(README) ?? [];
    expect(block.split("\n").map((line) => line.replace(/\s+#.*/, ""))).toEqual([
      "npm ci && npm run up",
      "npm ci && npm test",
      "",
    ]);
  });

  it("leads to every page of docs, except runbooks, decisions and translations", () => {
    const pages = globSync("docs/*.md").filter((page) => !page.endsWith(".zh-CN.md"));
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.filter((page) => !README.includes(`](${page})`))).toEqual([]);
  });

  it("has no text in the cells of a table", () => {
    const cells = README.split("\n").flatMap((line) => (line.startsWith("|") ? line.split("|") : []));
    expect(cells.filter((cell) => cell.trim().length > 60)).toEqual([]);
  });
});

it("ARCHITECTURE.md is one page", () => {
  expect(readFileSync("ARCHITECTURE.md", "utf8").split("\n").length).toBeLessThanOrEqual(120);
});

it("docs/proof.md names every test against the real thing", () => {
  const proof = readFileSync("docs/proof.md", "utf8");
  const tests = globSync("test/e2e/*.test.ts").map((file) => file.replace("test/e2e/", ""));
  expect(tests.length).toBeGreaterThan(40);
  const named = (file: string) =>
    proof.includes(`${file}\``) || (file.startsWith("backup-") && proof.includes("`backup-*"));
  expect(tests.filter((file) => !named(file))).toEqual([]);
});
