import { rmSync, writeFileSync } from "node:fs";

/** Writes a file that its owner alone reads. What is there goes first: a write does not change the mode of a file. */
export function writePrivate(path: string, content: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, content, { mode: 0o600, flag: "wx" });
}
