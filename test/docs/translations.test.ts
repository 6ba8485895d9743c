import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const PAGES = ["*.zh-CN.md", "docs/*.zh-CN.md"].flatMap((pattern) => globSync(pattern));

/** Code blocks of a page without their comments, which are translated. */
const blocksOf = (page: string) =>
  [...readFileSync(page, "utf8").matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, language = "", code = ""]) => ({
    language,
    code: code.split("\n").map((line) => line.replace(/\s+#.*$/, "")),
  }));

/** Pictures of a page. */
const picturesOf = (page: string) =>
  [...readFileSync(page, "utf8").matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, file]) => file);

it("there are two translated pages", () => {
  expect(PAGES.sort()).toEqual(["README.zh-CN.md", "docs/getting-started.zh-CN.md"]);
});

describe.each(PAGES)("%s", (page) => {
  const english = page.replace(".zh-CN", "");

  it("has the commands and settings of the English page", () => {
    expect(blocksOf(page)).toEqual(blocksOf(english));
    expect(blocksOf(page).length).toBeGreaterThan(1);
  });

  it("has as many sections, and the same pictures", () => {
    const sections = (file: string) => readFileSync(file, "utf8").match(/^## /gm)?.length;
    expect(sections(page)).toBe(sections(english));
    expect(picturesOf(page)).toEqual(picturesOf(english));
  });

  it("leads to the English page, which leads back", () => {
    const name = (file: string) => file.split("/").at(-1);
    expect(readFileSync(page, "utf8")).toContain(`[English](${name(english)})`);
    expect(readFileSync(english, "utf8")).toContain(`[简体中文](${name(page)})`);
  });
});
