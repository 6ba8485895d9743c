import { writeFileSync } from "node:fs";
import { CliError, EXIT, reasonOf } from "./exit.ts";

/**
 * Writes a text to the file that an operator named by an option.
 * @throws CliError when it cannot be written
 */
export function writeText(option: string, path: string, content: string): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw new CliError(
      {
        got: `${option}: got ${path} (${reasonOf(error)})`,
        allowed: "a file in a directory that you may write to",
        fix: "name another",
      },
      EXIT.usage,
      { cause: error },
    );
  }
}
