import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const TRACKED = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((file) => existsSync(file));
const PAGES = TRACKED.filter((file) => file.endsWith(".md") && !file.startsWith("test/"));
/** The first part of every path of the repository. */
const TOP = new Set(TRACKED.map((file) => file.split("/")[0] ?? ""));
/** What a page may name and no checkout has: it is made by a command. */
const MADE = /^(\.apprun\/|node_modules\/)/;

const text = (page: string) => readFileSync(page, "utf8");

/** Links of a page to other files of the repository. */
function linksOf(page: string): readonly string[] {
  return [...text(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Headings of pages that a page links to, of its own too, as the page and the anchor. */
function anchorsOf(page: string): readonly string[] {
  return [...text(page).matchAll(/\]\(([^)#\s:]*)#([^)\s]+)\)/g)]
    .map(([, target = "", anchor = ""]) => ({ target: target === "" ? page : join(dirname(page), target), anchor }))
    .filter(({ target, anchor }) => !headingsOf(target).includes(anchor))
    .map(({ target, anchor }) => `${target}#${anchor}`);
}

/** The anchors of a page, as GitHub makes them of its headings. */
function headingsOf(page: string): readonly string[] {
  return [...text(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Quoted code of a page, its blocks too, as far as it is a path of the repository or the name of one of its files. */
function pathsOf(page: string): readonly string[] {
  const quoted = [...text(page).matchAll(/`([^`\n]+)`/g)].flatMap(([, code = ""]) => code.split(/\s+/));
  return quoted
    .map((word) => word.replace(/[,;:]$/, ""))
    .filter((word) => /^[\w.*<>/-]+$/.test(word) && !MADE.test(word) && isPath(word));
}

function isPath(word: string): boolean {
  return (word.includes("/") && TOP.has(word.split("/")[0] ?? "")) || /^[\w*<>./-]*[\w*>]\.(ts|mjs|md|sh)$/.test(word);
}

/** Whether a file or folder has this path, or ends in it; `<name>` stands for any. */
function isThere(path: string): boolean {
  const pattern = path.replace(/<[^>]*>/g, "*").replace(/\/$/, "");
  return (
    globSync(pattern).length > 0 ||
    TRACKED.some((file) => file.endsWith(`/${pattern}`)) ||
    globSync(`{components,cli,test,docs,policies}/**/${pattern}`).length > 0
  );
}

/** What is wrong on each page. */
function missing(found: (page: string) => readonly string[]): readonly string[] {
  return PAGES.flatMap((page) => found(page).map((each) => `${page}: ${each}`));
}

describe("the pages of the repository", () => {
  it("link to files that there are", () => {
    expect(missing((page) => linksOf(page).filter((target) => !existsSync(join(dirname(page), target))))).toEqual([]);
  });

  it("link to headings that there are", () => {
    expect(missing(anchorsOf)).toEqual([]);
  });

  it("name paths that there are", () => {
    expect(missing((page) => pathsOf(page).filter((path) => !isThere(path)))).toEqual([]);
  });

  it("name only scripts that there are after npm run, like all other files", () => {
    const { scripts } = JSON.parse(text("package.json")) as { scripts: Record<string, string> };
    const naming = TRACKED.filter((file) => /\.(md|ts|mjs|sh|ya?ml)$|^\.ci\//.test(file));
    const names = naming.flatMap((file) =>
      [...text(file).matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = ""]) => ({ file, name })),
    );
    expect(names.filter(({ name }) => !(name in scripts))).toEqual([]);
    expect(names.length).toBeGreaterThan(0);
  });
});
