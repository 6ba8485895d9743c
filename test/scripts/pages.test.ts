import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { between, contentOf, table } from "../../scripts/pages/page.ts";
import { PAGES } from "../../scripts/pages/pages.ts";

describe("what is generated is up to date; `npm run generate` writes it", () => {
  // Some pages record many stacks, which takes minutes on a machine that has much else to do.
  it.each(PAGES.map((page) => [page.file, page] as const))("%s", { timeout: 300_000 }, async (file, page) => {
    const today = readFileSync(file, "utf8");
    expect(await contentOf(page, today)).toBe(today);
  });
});

describe("a page of which a part is generated", () => {
  const page = (part: string) =>
    `# A\n\n<!-- b: written by \`npm run generate\` -->\n\n${part}\n\n<!-- end of b -->\n\nC\n`;

  it("gets another part between its marks and keeps the rest", () => {
    expect(between(page("old"), "b", "new\n")).toBe(page("new"));
    expect(between(page("new"), "b", "new\n")).toBe(page("new"));
  });

  it("must have both marks", () => {
    expect(() => between(page("old"), "c", "new")).toThrow(
      'page: got none of the marks of c; allowed: "<!-- c: written by `npm run generate` -->" and after it "<!-- end of c -->"; add both',
    );
    expect(() => between(page("old").replace("<!-- end of b -->", ""), "b", "new")).toThrow(
      "page: got none of the marks of b",
    );
  });
});

it("a cell may hold what separates cells", () => {
  expect(
    table([
      ["a", "b"],
      ["1|2", "3"],
    ]),
  ).toBe("| a | b |\n| --- | --- |\n| 1\\|2 | 3 |\n");
});
