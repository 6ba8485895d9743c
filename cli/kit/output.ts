import Table from "cli-table3";
import cliTruncate from "cli-truncate";
import { colours } from "./colours.ts";

/** Prints what a command is for: on standard output, so that it can be piped. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints progress, notes and errors: on standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** A line as wide as the terminal of a stream; without one it is not cut. */
export function fitted(line: string, { isTTY, columns }: Pick<NodeJS.WriteStream, "isTTY" | "columns">): string {
  return isTTY ? cliTruncate(line, columns) : line;
}

/** Seconds since a time of `performance.now()`, to a tenth. */
export function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 100) / 10;
}

/** A table without lines, as wide as its content. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = new Table({
    head: head.map((cell) => colours.bold(cell)),
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 2 },
    chars: Object.fromEntries(
      [
        "top",
        "top-mid",
        "top-left",
        "top-right",
        "bottom",
        "bottom-mid",
        "bottom-left",
        "bottom-right",
        "left",
        "left-mid",
        "mid",
        "mid-mid",
        "right",
        "right-mid",
        "middle",
      ].map((part) => [part, ""]),
    ),
  });
  lines.push(...rows.map((row) => [...row]));
  return lines
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

const STATE_COLOURS: Record<string, (text: string) => string> = {
  healthy: colours.green,
  done: colours.green,
  starting: colours.yellow,
  recovering: colours.yellow,
};

/** A state in its colour; whatever is not known to be good is red. */
export function coloured(state: string): string {
  return (STATE_COLOURS[state] ?? colours.red)(state);
}
