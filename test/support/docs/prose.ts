import { readFileSync } from "node:fs";

/** A piece of a page with the line that it begins at. */
export interface Piece {
  readonly line: number;
  readonly text: string;
}

interface Line extends Piece {
  readonly kind: "text" | "item" | "cell row" | "other";
}

/** Lines of a page outside of code blocks, of the head of a table and of comments. */
function linesOf(page: string): readonly Line[] {
  let fenced = false;
  return readFileSync(page, "utf8")
    .split("\n")
    .map((text, at): Line => {
      const line = at + 1;
      const fence = /^\s*```/.test(text);
      if (fence) fenced = !fenced;
      if (fence || fenced || /^\s*(#|<!--|!\[|<)/.test(text) || text.trim() === "")
        return { line, text, kind: "other" };
      if (/^\s*\|/.test(text)) return { line, text, kind: /^[\s|:-]*$/.test(text) ? "other" : "cell row" };
      return { line, text, kind: /^\s*([-*]|\d+\.) /.test(text) ? "item" : "text" };
    });
}

/** What a reader sees of a piece: quoted code is one word, a link is its text. */
function seen(text: string): string {
  return text
    .replaceAll(/`[^`]*`/g, "code")
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/\*\*/g, "");
}

/** Sentences of a page's text, each with its line. A line of a list begins a new one. */
export function sentencesOf(page: string): readonly Piece[] {
  return linesOf(page)
    .filter(({ kind }) => kind === "text" || kind === "item")
    .flatMap(({ line, text }) =>
      seen(text.replace(/^\s*([-*]|\d+\.) /, ""))
        .split(/(?<=[.!?][)”"]?)\s+(?=[\p{Lu}“"(\d]|code)/u)
        .map((sentence) => ({ line, text: sentence.trim() })),
    );
}

/** Cells of a page's tables, each with its line. */
export function cellsOf(page: string): readonly Piece[] {
  return linesOf(page)
    .filter(({ kind }) => kind === "cell row")
    .flatMap(({ line, text }) =>
      text
        .split(/(?<!\\)\|/)
        .map((cell) => ({ line, text: seen(cell.trim()) }))
        .filter(({ text: cell }) => cell !== ""),
    );
}

export const wordsOf = (text: string) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
