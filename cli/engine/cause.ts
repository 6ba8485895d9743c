import { formatMebibytes } from "../../components/model/units.ts";
import { stripVTControlCharacters } from "node:util";

/** Lines that say that there was an error, and not which. */
const EMPTY =
  /^((creating|updating|replacing|deleting) urn:\S+( .*)?|update failed|\d+ errors? occurred:|resource (creation|update) failed|Running program '.*' failed.*|preview failed|an unhandled error occurred:.*)$/i;
/** Where in the code, which is for whoever writes it. */
const STACK = /^\s*(at .+[:(].+|goroutine \d+.*|node:internal.*)$/;

/** What an error of the engine says, without the lines around it; nothing for one that only says that there was one. */
export function causeOf(message: string): string | undefined {
  return stripVTControlCharacters(message)
    .split("\n")
    .filter((line) => !STACK.test(line))
    .map((line) =>
      line
        .trim()
        .replace(/^\* /, "")
        .replace(/^(error|Error): +/, "")
        .replace(/: provider=\S+$/, "")
        // The provider's own place in its code.
        .replace(/^sdk-v2\/\S+: /, "")
        .replace(/^sdk\.helper_schema: /, "")
        .replace(/^(Unable to read Docker image into resource: )?unable to pull image \S+: (?=error pulling image)/, "")
        // A limit changes in place, which the kernel refuses below what is in use.
        .replace(
          /^Unable to update a container: .*unable to set memory limit to (\d+) \(current usage: (\d+), .*$/,
          (_, limit: string, used: string) =>
            `it uses ${inMebibytes(used)}, above its new limit of ${inMebibytes(limit)}; raise resources.limits.memory, or restart it (npm run restart -- SERVICE) and run npm run up again at once`,
        ),
    )
    .find((line) => line !== "" && !EMPTY.test(line));
}

function inMebibytes(bytes: string): string {
  return formatMebibytes(Number(bytes) / 1024 ** 2);
}

/** Words of a line that says why. */
const TELLING =
  /\b(error|fatal|panic|fail(ed|ure|s)?|cannot|can't|could ?n[o']t|unable|refused|denied|invalid|missing|no such|not found|unknown|unexpected|exception|must|required|timed? ?out)\b/i;

/** Whether a line says why, as far as one can tell by its words. */
export function isTelling(line: string): boolean {
  return TELLING.test(line) && !STACK.test(line);
}

/** Of the last lines of a log those that say why, the last of all where none does; each once, whatever time is in front. */
export function tellingLines(lines: readonly string[], most: number): readonly string[] {
  const plain = plainLines(lines);
  const why = plain.filter(isTelling);
  const chosen = why.length > 0 ? why : plain.filter((line) => !STACK.test(line));
  const last = new Map(chosen.map((line) => [withoutTimes(line), line]));
  return [...last.values()].slice(-most);
}

/** Lines without colours, and without those that say nothing. */
export function plainLines(lines: readonly string[]): readonly string[] {
  return lines.map((line) => stripVTControlCharacters(line).trimEnd()).filter((line) => line !== "");
}

function withoutTimes(line: string): string {
  return line.replace(/\d+/g, "");
}
