import { readFileSync } from "node:fs";
import { CliError, EXIT } from "./exit.ts";

/** @throws CliError for a file that cannot be read */
export function readText(option: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new CliError(
      { got: `${option} ${file}: got no readable file`, allowed: "a file", fix: "write it first" },
      EXIT.usage,
    );
  }
}
