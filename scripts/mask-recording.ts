import { readFileSync, writeFileSync } from "node:fs";

// `node scripts/mask-recording.ts FROM STACK TO` takes what `script` recorded of a run of `up`: without the lines of `script`
// itself, and without what belongs to one machine and one moment.
const [from = "", stack = "", to = ""] = process.argv.slice(2);
const written = readFileSync(from, "utf8")
  .replace(/^Script started on .*\n/, "")
  .replace(/\nScript done on [^]*$/, "\n")
  .replaceAll(/[\w./-]*\.apprun\/logs\/up-[\w-]+-\d{8}T\d{6}Z\.log/g, `.apprun/logs/up-${stack}-20260101T000000Z.log`)
  .replaceAll(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/g, "2026-01-01T00:00:00");
writeFileSync(to, `$ npm run up -- --stack ${stack}\r\n${written}`);
