import { readText } from "../kit/read-text.ts";
import { fenced } from "./comment.ts";

/** The last part of a report that an issue holds, in characters. */
const LONGEST = 30_000;

/** What an issue says: one sentence, and what a command printed into the file of `--report`. */
export function issueBody(sentence: string, report: string): string {
  return `${sentence}\n\n${fenced("text", readText("--report", report).slice(-LONGEST))}\n`;
}
