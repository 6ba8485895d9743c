import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Words that a reader of technical English stumbles over, each with the plain one. */
const PLAIN: Readonly<Record<string, string>> = {
  "but for": "except for",
  "mends?": "fix",
  mended: "fixed",
  anew: "again",
  lies: "is",
  "for want of": "for lack of",
  "seed 0\\d*": "what it says, in words",
  "held to": "checked against",
  "in the open": "public",
  "of one's own": "of your own",
};
/** This list itself, texts that others wrote, and scripts in PostgreSQL's container: a word in a comment there is no reason to restart a server. */
const LEFT_OUT =
  /^(package-lock\.json|LICENSE|test\/docs\/words\.test\.ts|components\/services\/postgres\/scripts\/.*\.sh)$/;

const FILES = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((file) => existsSync(file) && !LEFT_OUT.test(file));

it.each(Object.entries(PLAIN))("nothing says “%s” in place of “%s”", (word) => {
  const pattern = new RegExp(`\\b${word}\\b`, "i");
  const found = FILES.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, at) => (pattern.test(line) ? [`${file}:${at + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
  expect(found).toEqual([]);
});
