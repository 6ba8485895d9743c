import pc from "picocolors";

/** Sends the engine's own progress to standard error; a stream without a terminal gets no dots and no colours. */
export function engineOutput(): { onOutput: (text: string) => void; color: "always" | "never"; suppressProgress: boolean } {
  return {
    onOutput: (text) => void process.stderr.write(text),
    color: pc.isColorSupported ? "always" : "never",
    suppressProgress: !process.stderr.isTTY,
  };
}
