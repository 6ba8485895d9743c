import { isColoured } from "../kit/colours.ts";

/** Sends the engine's own progress to standard error; a stream without a terminal gets no dots and no colours. */
export function engineOutput(): {
  onOutput: (text: string) => void;
  color: "always" | "never";
  suppressProgress: boolean;
} {
  return {
    onOutput: (text) => void process.stderr.write(text),
    color: isColoured(process.stderr, process.env) ? "always" : "never",
    suppressProgress: !process.stderr.isTTY,
  };
}
