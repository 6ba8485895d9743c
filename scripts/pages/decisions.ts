import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { ModelError } from "../../components/model/errors.ts";
import { between, type Page } from "./page.ts";

const RECORD = /^# (\d+)\. (.+)\n\n(\d{4}-\d\d-\d\d)(?:, commit [0-9a-f]{7,})?\. Topic: (.+)\.\n/;

/**
 * A record's line in the list, and the topic that it is listed under.
 * @throws ModelError for a record without its head
 */
function entryOf(file: string): { readonly topic: string; readonly line: string } {
  const found = RECORD.exec(readFileSync(file, "utf8"));
  if (found === null)
    throw new ModelError({
      got: `${file}: got another beginning`,
      allowed: '"# NUMBER. TITLE", an empty line, "DATE, commit HASH. Topic: TOPIC."',
      fix: "write it as the other records have it",
    });
  const [, number = "", title = "", date = "", topic = ""] = found;
  return { topic, line: `- ${number}: [${title}](${basename(file)}), ${date}` };
}

/** The list of decisions, by topic in the order of their first record. */
export const decisions: Page = {
  file: "docs/decisions/README.md",
  content: (today) => {
    const entries = globSync("docs/decisions/[0-9]*.md").sort().map(entryOf);
    const topics = [...new Set(entries.map(({ topic }) => topic))];
    const sections = topics.map((topic) => {
      const lines = entries.filter((entry) => entry.topic === topic).map(({ line }) => line);
      return `## ${topic}\n\n${lines.join("\n")}`;
    });
    return between(today, "decisions", sections.join("\n\n"));
  },
};
