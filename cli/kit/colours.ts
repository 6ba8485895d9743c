import pc from "picocolors";

/**
 * Whether a stream gets colours: a terminal does, unless NO_COLOR is set;
 * FORCE_COLOR gives them to any stream. The library itself takes the variable CI
 * for a terminal, which puts control characters into logs, files and comments.
 */
export function isColoured(
  { isTTY = false }: { readonly isTTY?: boolean },
  { NO_COLOR = "", FORCE_COLOR = "", TERM }: NodeJS.ProcessEnv,
): boolean {
  if (NO_COLOR !== "" || FORCE_COLOR === "0") return false;
  return FORCE_COLOR !== "" || (isTTY && TERM !== "dumb");
}

/** Colours of standard output. */
export const colours = pc.createColors(isColoured(process.stdout, process.env));
