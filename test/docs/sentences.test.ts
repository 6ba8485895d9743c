import { globSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cellsOf, sentencesOf, wordsOf } from "../support/docs/prose.ts";

/** Pages in English; the translated ones have no spaces to count words by. */
const PAGES = globSync(["*.md", "docs/**/*.md", "examples/**/*.md"]).filter((page) => !page.endsWith(".zh-CN.md"));

/** The most words of a sentence, where quoted code is one. */
const WORDS = 30;
/** The most letters in a cell of a table: longer ones are text. */
const LETTERS = 120;

/** What is too long on any page, with its place. */
const tooLong = (
  of: (page: string) => readonly { readonly line: number; readonly text: string }[],
  long: (text: string) => boolean,
) =>
  PAGES.flatMap((page) =>
    of(page)
      .filter(({ text }) => long(text))
      .map(({ line, text }) => `${page}:${line}: ${text}`),
  );

describe("every page", () => {
  it("is among those that are looked at", () => {
    expect(PAGES).toEqual(expect.arrayContaining(["README.md", "docs/edge.md", "docs/runbooks/NatsDown.md"]));
    expect(PAGES.length).toBeGreaterThan(150);
  });

  it(`has no sentence of more than ${WORDS} words`, () => {
    expect(tooLong(sentencesOf, (text) => wordsOf(text) > WORDS)).toEqual([]);
  });

  it(`has no cell of more than ${LETTERS} letters`, () => {
    expect(tooLong(cellsOf, (text) => text.length > LETTERS)).toEqual([]);
  });
});
