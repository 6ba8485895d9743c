import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { contentOf } from "./pages/page.ts";
import { PAGES } from "./pages/pages.ts";

// `npm run generate` writes the pages that are old, `npm run generate -- --check` names them and fails.
const { check } = parseArgs({ options: { check: { type: "boolean", default: false } } }).values;
process.chdir(new URL("..", import.meta.url).pathname);
for (const page of PAGES) {
  const today = existsSync(page.file) ? readFileSync(page.file, "utf8") : "";
  const content = await contentOf(page, today);
  if (content === today) continue;
  console.log(check ? `old: ${page.file}; run npm run generate` : `written: ${page.file}`);
  if (check) process.exitCode = 1;
  else writeFileSync(page.file, content);
}
