import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cellsOf, sentencesOf, wordsOf } from "../support/docs/prose.ts";

const page = join(mkdtempSync(join(tmpdir(), "apprun-")), "page.md");
writeFileSync(
  page,
  `# A heading

One sentence with \`npm run up -- --stack prod\`. Another one: with [a link](https://example.com/a.b), see it.
- An item without a full stop
- **Bold** begins a sentence. \`code\` too.

\`\`\`sh
not a sentence. Not a sentence.
\`\`\`

| head | more |
| ---- | ---- |
| a cell | with \`a \\| b\` and [text](target.md) |
`,
);

it("sentences are what a reader sees, each with its line", () => {
  expect(sentencesOf(page)).toEqual([
    { line: 3, text: "One sentence with code." },
    { line: 3, text: "Another one: with a link, see it." },
    { line: 4, text: "An item without a full stop" },
    { line: 5, text: "Bold begins a sentence." },
    { line: 5, text: "code too." },
  ]);
  expect(wordsOf("Another one: with a link – see it.")).toBe(7);
});

it("cells are what a reader sees, without the line below the head", () => {
  expect(cellsOf(page).map(({ text }) => text)).toEqual(["head", "more", "a cell", "with code and text"]);
});
