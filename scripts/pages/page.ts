import { ModelError } from "../../components/model/errors.ts";
import { format, getFileInfo, resolveConfig } from "prettier";

/** A file of the repository that is written from what the program knows, whole or in part. */
export interface Page {
  /** Path from the root of the repository. */
  readonly file: string;
  /** What the file should hold; `today` is what it holds, without anything where it does not exist. */
  readonly content: (today: string) => string | Promise<string>;
}

/** The page as the formatter leaves it. */
export async function contentOf({ file, content }: Page, today: string): Promise<string> {
  const text = await content(today);
  const { ignored, inferredParser } = await getFileInfo(file, { ignorePath: ".prettierignore" });
  return ignored || inferredParser === null ? text : format(text, { ...(await resolveConfig(file)), filepath: file });
}

/**
 * The text of a page with another part between its marks.
 * @throws ModelError when the page does not have both marks
 */
export function between(text: string, name: string, part: string): string {
  const [begin, end] = [`<!-- ${name}: written by \`npm run generate\` -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from)
    throw new ModelError({
      got: `page: got none of the marks of ${name}`,
      allowed: `"${begin}" and after it "${end}"`,
      fix: "add both",
    });
  return `${text.slice(0, from + begin.length)}\n\n${part.trim()}\n\n${text.slice(to)}`;
}

/** Rows as Markdown, the first one the head. */
export function table([head, ...rows]: readonly [readonly string[], ...(readonly string[])[]]): string {
  const line = (row: readonly string[]) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""].join("\n");
}
